package io.github.camelvlm.media;

import java.io.IOException;
import java.util.List;

/** The file of an animation, whose frames have been found and not yet decoded. */
interface AnimationFile {

    /** Columns of the canvas. */
    long width();

    /** Rows of the canvas. */
    long height();

    /** What is seen where nothing is drawn, 0xAARRGGBB. */
    default int background() {
        return 0;
    }

    /** How what is shown is to be turned: a value of {@link Orientation}. */
    default int orientation() {
        return Orientation.UPRIGHT;
    }

    /** All of them, in the order of time. */
    List<AnimationFrame> frames();

    /**
     * Decodes one of them.
     *
     * @param file the file, whose time is that of this frame
     * @return [height, width] pixels, 0xAARRGGBB
     * @throws ImageException if the file is cut off or damaged
     * @throws IOException if the decoder finds fault; it may as well throw any unchecked exception
     */
    int[] pixels(PictureBytes file, AnimationFrame frame) throws IOException;
}
