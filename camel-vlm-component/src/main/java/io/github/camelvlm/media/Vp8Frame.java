package io.github.camelvlm.media;

import java.util.Arrays;

/** Decodes a VP8 key frame (RFC 6386), which is what lossy WebP holds. */
final class Vp8Frame {
    private static final int HEADER_BYTES = 10;
    private static final int SMALL_BLOCKS = -1;

    private final PictureBytes file;
    private final int end;
    private final int width;
    private final int height;
    private final int columns;
    private final int rows;
    private final Vp8Plane[] planes;
    private final Vp8Bits modeBits;
    private final Vp8Header header;
    private final int partitionsAt;
    private final int[] modesAbove;
    private final int[] modesLeft = new int[4];
    private final int[] smallModes = new int[16];

    /**
     * @param start where the frame begins in the file
     * @param end where it ends
     * @throws ImageException if it is no key frame or is cut off
     */
    Vp8Frame(PictureBytes file, int start, int end) {
        this.file = file;
        this.end = end;
        file.require(start, HEADER_BYTES);
        int tag = file.u16(start, true) | file.u8(start + 2) << 16;
        if ((tag & 1) != 0 || file.u8(start + 3) != 0x9d || file.u16(start + 4, true) != 0x2a01) {
            throw file.damaged("its frame has no header");
        }
        width = file.u16(start + 6, true) & 0x3fff;
        height = file.u16(start + 8, true) & 0x3fff;
        columns = (width + 15) / 16;
        rows = (height + 15) / 16;
        planes = new Vp8Plane[] {
            new Vp8Plane(16 * columns, 16 * rows),
            new Vp8Plane(8 * columns, 8 * rows),
            new Vp8Plane(8 * columns, 8 * rows)
        };
        modesAbove = new int[4 * columns];
        int modesEnd = start + HEADER_BYTES + (tag >> 5);
        if (modesEnd > end) {
            throw file.damaged("its first partition is longer than the frame");
        }
        modeBits = new Vp8Bits(file, start + HEADER_BYTES, modesEnd);
        header = new Vp8Header(modeBits);
        partitionsAt = modesEnd;
    }

    /** Decodes the frame; to be called once. */
    RgbImage decode() {
        Vp8Bits[] partitions = partitions();
        Vp8Residuals residuals = new Vp8Residuals(header, columns);
        byte[] levels = new byte[columns * rows];
        boolean[] inner = new boolean[columns * rows];
        for (int row = 0; row < rows; row++) {
            Arrays.fill(modesLeft, Vp8Prediction.DC);
            residuals.startRow();
            Vp8Bits bits = partitions[row % partitions.length];
            planes[0].extendRight(16 * row - 1);
            for (int column = 0; column < columns; column++) {
                int segment = readSegment();
                boolean skipped = header.skipProbability > 0 && modeBits.flag(header.skipProbability);
                int mode = readLumaMode(column);
                int chromaMode = readChromaMode();
                boolean smallBlocks = mode == SMALL_BLOCKS;
                boolean coded = false;
                if (skipped) {
                    residuals.skip(column, smallBlocks);
                } else {
                    coded = residuals.read(bits, column, segment, smallBlocks);
                }
                reconstruct(column, row, mode, chromaMode, coded ? residuals : null);
                levels[row * columns + column] = (byte) header.filterLevel(segment, smallBlocks);
                inner[row * columns + column] = smallBlocks || coded;
            }
        }
        Vp8LoopFilter filter = new Vp8LoopFilter(header);
        for (int i = 0; i < levels.length; i++) {
            filter.apply(planes, i % columns, i / columns, levels[i], inner[i]);
        }
        return Vp8Colours.toRgb(planes, width, height);
    }

    /** The partitions of coefficients, whose sizes stand before the first of them (section 9.5). */
    private Vp8Bits[] partitions() {
        Vp8Bits[] partitions = new Vp8Bits[header.partitions];
        int sizes = partitionsAt;
        int at = sizes + 3 * (partitions.length - 1);
        if (at > end) {
            throw file.damaged("its partitions are longer than the frame");
        }
        for (int i = 0; i < partitions.length; i++) {
            int size = i == partitions.length - 1
                    ? end - at
                    : file.u16(sizes + 3 * i, true) | file.u8(sizes + 3 * i + 2) << 16;
            if (size > end - at) {
                throw file.damaged("its partitions are longer than the frame");
            }
            partitions[i] = new Vp8Bits(file, at, at + size);
            at += size;
        }
        return partitions;
    }

    private int readSegment() {
        if (!header.segmentMap) {
            return 0;
        }
        int[] probabilities = header.segmentProbabilities;
        return modeBits.flag(probabilities[0]) ? 2 + modeBits.bit(probabilities[2]) : modeBits.bit(probabilities[1]);
    }

    /** The mode of the macroblock's luma (section 11.2), or {@link #SMALL_BLOCKS} and that of each small block. */
    private int readLumaMode(int column) {
        if (!modeBits.flag(145)) {
            for (int i = 0; i < 16; i++) {
                int above = 4 * column + i % 4;
                int mode = readSmallMode(10 * modesAbove[above] + modesLeft[i / 4]);
                smallModes[i] = mode;
                modesAbove[above] = mode;
                modesLeft[i / 4] = mode;
            }
            return SMALL_BLOCKS;
        }
        int mode;
        if (modeBits.flag(156)) {
            mode = modeBits.flag(128) ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL;
        } else {
            mode = modeBits.flag(163) ? Vp8Prediction.VERTICAL : Vp8Prediction.DC;
        }
        Arrays.fill(modesAbove, 4 * column, 4 * column + 4, mode);
        Arrays.fill(modesLeft, mode);
        return mode;
    }

    private int readSmallMode(int context) {
        int p = 9 * context;
        int[] table = Vp8Tables.BLOCK_MODES;
        if (!modeBits.flag(table[p])) {
            return Vp8Prediction.DC;
        }
        if (!modeBits.flag(table[p + 1])) {
            return Vp8Prediction.TRUE_MOTION;
        }
        if (!modeBits.flag(table[p + 2])) {
            return Vp8Prediction.VERTICAL;
        }
        if (!modeBits.flag(table[p + 3])) {
            if (!modeBits.flag(table[p + 4])) {
                return Vp8Prediction.HORIZONTAL;
            }
            return modeBits.flag(table[p + 5]) ? Vp8Prediction.VERTICAL_RIGHT : Vp8Prediction.RIGHT_DOWN;
        }
        if (!modeBits.flag(table[p + 6])) {
            return Vp8Prediction.LEFT_DOWN;
        }
        if (!modeBits.flag(table[p + 7])) {
            return Vp8Prediction.VERTICAL_LEFT;
        }
        return modeBits.flag(table[p + 8]) ? Vp8Prediction.HORIZONTAL_UP : Vp8Prediction.HORIZONTAL_DOWN;
    }

    private int readChromaMode() {
        if (!modeBits.flag(142)) {
            return Vp8Prediction.DC;
        }
        if (!modeBits.flag(114)) {
            return Vp8Prediction.VERTICAL;
        }
        return modeBits.flag(183) ? Vp8Prediction.TRUE_MOTION : Vp8Prediction.HORIZONTAL;
    }

    /** @param residuals null where there are none */
    private void reconstruct(int column, int row, int mode, int chromaMode, Vp8Residuals residuals) {
        Vp8Plane luma = planes[0];
        if (mode != SMALL_BLOCKS) {
            Vp8Prediction.large(luma, 16 * column, 16 * row, 16, mode);
        }
        for (int block = 0; block < 16; block++) {
            int at = luma.at(16 * column + block % 4 * 4, 16 * row + block / 4 * 4);
            if (mode == SMALL_BLOCKS) {
                Vp8Prediction.small(luma, at, aboveRight(column, row, block), smallModes[block]);
            }
            if (residuals != null) {
                residuals.add(block, luma, at);
            }
        }
        for (int i = 1; i < planes.length; i++) {
            Vp8Prediction.large(planes[i], 8 * column, 8 * row, 8, chromaMode);
            for (int block = 0; residuals != null && block < 4; block++) {
                int at = planes[i].at(8 * column + block % 2 * 4, 8 * row + block / 2 * 4);
                residuals.add(12 + 4 * i + block, planes[i], at);
            }
        }
    }

    /** For the blocks on the right, whose neighbours there are not decoded yet, those above the macroblock serve. */
    private int aboveRight(int column, int row, int block) {
        int y = block % 4 == 3 ? 16 * row : 16 * row + block / 4 * 4;
        return planes[0].at(16 * column + block % 4 * 4 + 4, y - 1);
    }
}
