package io.github.camelvlm.media;

import io.github.camelvlm.media.AnimationFrame.Disposal;
import java.util.Arrays;

/** What the frames of an animation are drawn on, one after another. */
final class AnimationCanvas {
    private final int width;
    private final int height;
    private final int background;
    private final int[] pixels;
    private int[] saved;
    private AnimationFrame last;

    /** @param background what is seen where nothing is drawn, 0xAARRGGBB */
    AnimationCanvas(int width, int height, int background) {
        this.width = width;
        this.height = height;
        this.background = background;
        pixels = new int[Math.multiplyExact(width, height)];
        Arrays.fill(pixels, background);
    }

    /**
     * Takes the last frame away as it says, and draws the next; what falls outside is left out.
     *
     * @param drawn its pixels, 0xAARRGGBB
     */
    void draw(AnimationFrame frame, int[] drawn) {
        if (last != null) {
            dispose(last);
        }
        if (frame.disposal() == Disposal.RESTORE) {
            saved = saved == null ? pixels.clone() : saved;
            System.arraycopy(pixels, 0, saved, 0, pixels.length);
        }
        for (int y = 0; y < rows(frame); y++) {
            int to = (frame.top() + y) * width + frame.left();
            for (int x = 0; x < columns(frame); x++) {
                int pixel = drawn[y * frame.width() + x];
                pixels[to + x] = frame.blended() ? over(pixel, pixels[to + x]) : pixel;
            }
        }
        last = frame;
    }

    private void dispose(AnimationFrame frame) {
        for (int y = 0; y < rows(frame) && columns(frame) > 0 && frame.disposal() != Disposal.KEEP; y++) {
            int at = (frame.top() + y) * width + frame.left();
            if (frame.disposal() == Disposal.CLEAR) {
                Arrays.fill(pixels, at, at + columns(frame), background);
            } else {
                System.arraycopy(saved, at, pixels, at, columns(frame));
            }
        }
    }

    private int columns(AnimationFrame frame) {
        return Math.min(frame.width(), width - frame.left());
    }

    private int rows(AnimationFrame frame) {
        return Math.min(frame.height(), height - frame.top());
    }

    private static int over(int upper, int lower) {
        int alpha = upper >>> 24;
        int below = lower >>> 24;
        if (alpha == 255 || below == 0) {
            return upper;
        }
        if (alpha == 0) {
            return lower;
        }
        // Of both alphas, times 255.
        int rest = below * (255 - alpha);
        int sum = 255 * alpha + rest;
        int mixed = (sum + 127) / 255 << 24;
        for (int shift = 0; shift <= 16; shift += 8) {
            int value = 255 * alpha * (upper >> shift & 0xff) + rest * (lower >> shift & 0xff);
            mixed |= (value + sum / 2) / sum << shift;
        }
        return mixed;
    }

    /** What is seen now, over white. */
    RgbImage image() {
        byte[] rgb = new byte[Math.multiplyExact(3, pixels.length)];
        for (int i = 0, to = 0; i < pixels.length; i++, to += 3) {
            int pixel = pixels[i];
            int colour = Colours.overWhite(pixel >> 16 & 0xff, pixel >> 8 & 0xff, pixel & 0xff, pixel >>> 24);
            rgb[to] = (byte) (colour >> 16);
            rgb[to + 1] = (byte) (colour >> 8);
            rgb[to + 2] = (byte) colour;
        }
        return new RgbImage(width, height, rgb);
    }
}
