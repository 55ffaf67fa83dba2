package io.github.camelvlm.media;

/** Intra prediction of VP8 (RFC 6386, section 12): blocks guessed from the pixels above and to the left of them. */
final class Vp8Prediction {
    static final int DC = 0;
    static final int TRUE_MOTION = 1;
    static final int VERTICAL = 2;
    static final int HORIZONTAL = 3;
    static final int LEFT_DOWN = 4;
    static final int RIGHT_DOWN = 5;
    static final int VERTICAL_RIGHT = 6;
    static final int VERTICAL_LEFT = 7;
    static final int HORIZONTAL_DOWN = 8;
    static final int HORIZONTAL_UP = 9;

    private Vp8Prediction() {}

    /** A block of a whole macroblock, 16 or 8 pixels a side, at column {@code x} and row {@code y}. */
    static void large(Vp8Plane plane, int x, int y, int side, int mode) {
        int at = plane.at(x, y);
        int dc = mode == DC ? average(plane, x, y, side) : 0;
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                int target = at + row * plane.stride + column;
                plane.set(
                        target,
                        switch (mode) {
                            case DC -> dc;
                            case TRUE_MOTION -> trueMotion(plane, at, row, column);
                            case VERTICAL -> plane.get(at - plane.stride + column);
                            default -> plane.get(at + row * plane.stride - 1);
                        });
            }
        }
    }

    private static int trueMotion(Vp8Plane plane, int at, int row, int column) {
        return plane.get(at + row * plane.stride - 1)
                + plane.get(at - plane.stride + column)
                - plane.get(at - plane.stride - 1);
    }

    /** Of those edges that lie within the frame. */
    private static int average(Vp8Plane plane, int x, int y, int side) {
        int at = plane.at(x, y);
        int sum = 0;
        int count = 0;
        for (int i = 0; i < side; i++) {
            sum += y > 0 ? plane.get(at - plane.stride + i) : 0;
            sum += x > 0 ? plane.get(at + i * plane.stride - 1) : 0;
        }
        count += (y > 0 ? side : 0) + (x > 0 ? side : 0);
        return count == 0 ? 128 : (sum + count / 2) / count;
    }

    /**
     * A block of 4 × 4 luma pixels.
     *
     * @param at where its first pixel stands
     * @param aboveRight where the four pixels stand that follow those above it
     */
    static void small(Vp8Plane plane, int at, int aboveRight, int mode) {
        // From the lowest pixel on the left, by the corner (4), to the last one above.
        int[] edge = new int[13];
        for (int i = 0; i < 4; i++) {
            edge[i] = plane.get(at + (3 - i) * plane.stride - 1);
            edge[5 + i] = plane.get(at - plane.stride + i);
            edge[9 + i] = plane.get(aboveRight + i);
        }
        edge[4] = plane.get(at - plane.stride - 1);
        int dc = 4;
        for (int i = 0; i < 4; i++) {
            dc += edge[i] + edge[5 + i];
        }
        for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 4; x++) {
                plane.set(
                        at + y * plane.stride + x,
                        switch (mode) {
                            case DC -> dc >> 3;
                            case TRUE_MOTION -> edge[3 - y] + edge[5 + x] - edge[4];
                            case VERTICAL -> of3(edge, 4 + x);
                            case HORIZONTAL -> y == 3 ? edge[1] + 3 * edge[0] + 2 >> 2 : of3(edge, 2 - y);
                            case LEFT_DOWN -> x + y == 6 ? edge[11] + 3 * edge[12] + 2 >> 2 : of3(edge, 5 + x + y);
                            case RIGHT_DOWN -> of3(edge, 3 + x - y);
                            case VERTICAL_RIGHT -> verticalRight(edge, 2 * x - y);
                            case VERTICAL_LEFT -> verticalLeft(edge, x, y);
                            case HORIZONTAL_DOWN -> horizontalDown(edge, 2 * y - x);
                            default -> horizontalUp(edge, x + 2 * y);
                        });
            }
        }
    }

    private static int verticalRight(int[] edge, int step) {
        if (step < -1) {
            return of3(edge, 4 + step);
        }
        return step % 2 == 0 ? of2(edge, 4 + step / 2) : of3(edge, 3 + (step + 1) / 2);
    }

    private static int horizontalDown(int[] edge, int step) {
        if (step < -1) {
            return of3(edge, 2 - step);
        }
        return step % 2 == 0 ? of2(edge, 3 - step / 2) : of3(edge, 3 - (step + 1) / 2);
    }

    private static int verticalLeft(int[] edge, int x, int y) {
        if (x == 3 && y >= 2) {
            return of3(edge, 7 + y);
        }
        return y % 2 == 0 ? of2(edge, 5 + x + y / 2) : of3(edge, 5 + x + y / 2);
    }

    private static int horizontalUp(int[] edge, int step) {
        if (step > 5) {
            return edge[0];
        }
        if (step == 5) {
            return edge[1] + 3 * edge[0] + 2 >> 2;
        }
        return step % 2 == 0 ? of2(edge, 2 - step / 2) : of3(edge, 1 - step / 2);
    }

    private static int of2(int[] edge, int first) {
        return edge[first] + edge[first + 1] + 1 >> 1;
    }

    private static int of3(int[] edge, int first) {
        return edge[first] + 2 * edge[first + 1] + edge[first + 2] + 2 >> 2;
    }
}
