package io.github.camelvlm.media;

/**
 * A frame of an animation: where it lies on the canvas, and how it comes and goes.
 *
 * @param millis how long it is shown
 * @param disposal what becomes of its place before the next one is drawn
 * @param blended whether it is laid over what is there, or replaces it, transparency included
 * @param at where its pixels begin in the file
 * @param end where they end; 0 where they say so themselves
 * @param transparent the index of a colour that is none, or -1
 */
record AnimationFrame(
        int left,
        int top,
        int width,
        int height,
        int millis,
        Disposal disposal,
        boolean blended,
        int at,
        int end,
        int transparent) {
    private static final int TOO_SHORT = 10;
    private static final int INSTEAD = 100;

    /** What becomes of the place of a frame. */
    enum Disposal {
        KEEP,
        CLEAR,
        RESTORE
    }

    AnimationFrame {
        // As browsers do: many files say 0 and mean the usual.
        millis = millis <= TOO_SHORT ? INSTEAD : millis;
    }

    long pixels() {
        return (long) width * height;
    }
}
