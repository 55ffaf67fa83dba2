package io.github.camelvlm.media;

import java.util.ArrayList;
import java.util.List;

/** Decodes a lossless bitstream of WebP (RFC 9649, chapter 3), whose pixels are all there is to it. */
final class Vp8lFrame {
    private static final int PREDICTOR = 0;
    private static final int COLOUR = 1;
    private static final int GREEN = 2;

    private final Vp8lBits bits;
    private final int height;
    private final List<Vp8lTransform> transforms = new ArrayList<>();
    private int width;

    private Vp8lFrame(Vp8lBits bits, int width, int height) {
        this.bits = bits;
        this.width = width;
        this.height = height;
    }

    /**
     * Decodes what stands behind the header.
     *
     * @param width columns, as the header or what stands for it says
     * @param height rows
     * @return [height, width] pixels, 0xAARRGGBB
     * @throws ImageException if it is damaged or cut off
     */
    static int[] decode(Vp8lBits bits, int width, int height) {
        return new Vp8lFrame(bits, width, height).decode();
    }

    private int[] decode() {
        int seen = 0;
        while (bits.flag()) {
            int kind = bits.number(2);
            if ((seen >> kind & 1) != 0) {
                throw bits.damaged("it is transformed twice in the same way");
            }
            seen |= 1 << kind;
            transforms.add(transform(kind));
        }
        int[] pixels = Vp8lPixels.read(bits, width, height);
        for (int i = transforms.size() - 1; i >= 0; i--) {
            pixels = transforms.get(i).undo(pixels);
        }
        return pixels;
    }

    private Vp8lTransform transform(int kind) {
        if (kind == GREEN) {
            return Vp8lTransform.green();
        }
        if (kind == PREDICTOR || kind == COLOUR) {
            int side = 2 + bits.number(3);
            int columns = Vp8lPixels.blocks(width, side);
            int[] blocks = Vp8lPixels.readSmall(bits, columns, Vp8lPixels.blocks(height, side));
            Vp8lBlocks all = new Vp8lBlocks(blocks, columns, side, width);
            return kind == PREDICTOR ? new Vp8lPredictor(all) : Vp8lTransform.colour(all);
        }
        int colours = 1 + bits.number(8);
        Vp8lPalette palette = new Vp8lPalette(Vp8lPixels.readSmall(bits, colours, 1), width, height);
        width = palette.packedWidth();
        return palette;
    }
}
