package io.github.camelvlm.media;

/** Smooths the edges of blocks (RFC 6386, section 15), once the whole frame is there: prediction reads it unsmoothed. */
final class Vp8LoopFilter {
    private final boolean simple;
    private final int sharpness;

    Vp8LoopFilter(Vp8Header header) {
        simple = header.simpleFilter;
        sharpness = header.sharpness;
    }

    /**
     * Smooths one macroblock.
     *
     * @param planes luma and the two of chroma
     * @param level 0 to 63
     * @param inner whether edges within it are smoothed as well
     */
    void apply(Vp8Plane[] planes, int column, int row, int level, boolean inner) {
        if (level == 0) {
            return;
        }
        int interior = level;
        if (sharpness > 0) {
            interior = Math.min(interior >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
        }
        interior = Math.max(1, interior);
        int limit = 2 * level + interior;
        int variance = level >= 40 ? 2 : level >= 15 ? 1 : 0;
        for (int i = 0; i < (simple ? 1 : planes.length); i++) {
            Vp8Plane plane = planes[i];
            int side = i == 0 ? 16 : 8;
            int at = plane.at(side * column, side * row);
            if (column > 0) {
                edge(plane, at, 1, plane.stride, side, limit + 4, interior, variance, true);
            }
            for (int x = 4; inner && x < side; x += 4) {
                edge(plane, at + x, 1, plane.stride, side, limit, interior, variance, false);
            }
            if (row > 0) {
                edge(plane, at, plane.stride, 1, side, limit + 4, interior, variance, true);
            }
            for (int y = 4; inner && y < side; y += 4) {
                edge(plane, at + y * plane.stride, plane.stride, 1, side, limit, interior, variance, false);
            }
        }
    }

    /** One edge: {@code across} leads over it, {@code along} follows it. */
    private void edge(
            Vp8Plane plane,
            int start,
            int across,
            int along,
            int length,
            int limit,
            int interior,
            int variance,
            boolean outer) {
        for (int i = 0, at = start; i < length; i++, at += along) {
            int p1 = plane.get(at - 2 * across);
            int p0 = plane.get(at - across);
            int q0 = plane.get(at);
            int q1 = plane.get(at + across);
            if (4 * Math.abs(p0 - q0) + Math.abs(p1 - q1) > 2 * limit + 1) {
                continue;
            }
            if (simple) {
                two(plane, at, across, p1, p0, q0, q1);
                continue;
            }
            if (!isSmooth(plane, at, across, interior)) {
                continue;
            }
            if (Math.abs(p1 - p0) > variance || Math.abs(q1 - q0) > variance) {
                two(plane, at, across, p1, p0, q0, q1);
            } else if (outer) {
                six(plane, at, across, p1, p0, q0, q1);
            } else {
                four(plane, at, across, p1, p0, q0, q1);
            }
        }
    }

    private static boolean isSmooth(Vp8Plane plane, int at, int across, int interior) {
        for (int i = -4; i < 3; i++) {
            if (i != -1 && Math.abs(plane.get(at + i * across) - plane.get(at + (i + 1) * across)) > interior) {
                return false;
            }
        }
        return true;
    }

    private static void two(Vp8Plane plane, int at, int across, int p1, int p0, int q0, int q1) {
        int a = 3 * (q0 - p0) + signed(p1 - q1);
        plane.set(at - across, p0 + small(a + 3 >> 3));
        plane.set(at, q0 - small(a + 4 >> 3));
    }

    private static void four(Vp8Plane plane, int at, int across, int p1, int p0, int q0, int q1) {
        int a = 3 * (q0 - p0);
        int q = small(a + 4 >> 3);
        int outer = q + 1 >> 1;
        plane.set(at - 2 * across, p1 + outer);
        plane.set(at - across, p0 + small(a + 3 >> 3));
        plane.set(at, q0 - q);
        plane.set(at + across, q1 - outer);
    }

    private static void six(Vp8Plane plane, int at, int across, int p1, int p0, int q0, int q1) {
        int a = signed(3 * (q0 - p0) + signed(p1 - q1));
        int near = 27 * a + 63 >> 7;
        int middle = 18 * a + 63 >> 7;
        int far = 9 * a + 63 >> 7;
        plane.set(at - 3 * across, plane.get(at - 3 * across) + far);
        plane.set(at - 2 * across, p1 + middle);
        plane.set(at - across, p0 + near);
        plane.set(at, q0 - near);
        plane.set(at + across, q1 - middle);
        plane.set(at + 2 * across, plane.get(at + 2 * across) - far);
    }

    private static int signed(int value) {
        return Math.max(-128, Math.min(127, value));
    }

    private static int small(int value) {
        return Math.max(-16, Math.min(15, value));
    }
}
