package io.github.camelvlm.media;

import java.util.List;
import java.util.Optional;

/**
 * An item of a HEIF file that has pixels: coded ones, or a grid of coded tiles. Nothing is decoded before it is asked for.
 */
final class HeifLayer {
    private static final String GRID = "grid";
    private static final int LARGE_GRID = 1;
    /** Of what is coded: AV1 has none that is longer. */
    private static final int MOST_SIDE = 65_536;
    /** More than pixels take that are not coded at all, with what stands before them. */
    private static final long MOST_BYTES_OF_PIXEL = 8;

    private static final long MOST_BYTES_BESIDE = 16 << 10;

    private final PictureBytes file;
    private final HeifItems items;
    private final int item;
    private final List<Integer> tiles;
    private final PictureSize tile;
    private final int columns;
    private final long width;
    private final long height;

    /** @throws ImageException if it is damaged, or not coded as it is read */
    HeifLayer(PictureBytes file, HeifItems items, int item) {
        this.file = file;
        this.items = items;
        this.item = item;
        if (items.type(item).equals(GRID)) {
            IsoNumbers grid = grid();
            int bytesOfSide = (grid.u8() & LARGE_GRID) == 0 ? 2 : 4;
            int rows = 1 + grid.u8();
            columns = 1 + grid.u8();
            width = grid.next(bytesOfSide);
            height = grid.next(bytesOfSide);
            tiles = items.parts(item);
            if (tiles.size() != rows * columns) {
                throw file.damaged("its grid of " + rows * columns + " tiles has " + tiles.size());
            }
            tile = size(tiles.get(0));
            requireCovers(columns, tile.width(), width);
            requireCovers(rows, tile.height(), height);
        } else {
            tiles = List.of(item);
            tile = size(item);
            columns = 1;
            width = tile.width();
            height = tile.height();
        }
        if (tiles.size() > 1) {
            for (int each : tiles) {
                file.requireTime();
                if (!size(each).equals(tile)) {
                    throw file.damaged("its tiles are not of one size");
                }
            }
        }
    }

    private IsoNumbers grid() {
        byte[] bytes = items.bytes(item);
        IsoNumbers grid = new IsoNumbers(file.with(bytes), GRID, 0, bytes.length);
        grid.skip(1);
        return grid;
    }

    /** No tile may be of no use. */
    private void requireCovers(int count, int tileSide, long side) {
        if ((long) count * tileSide < side || (count - 1L) * tileSide >= Math.max(1, side)) {
            throw file.damaged("its " + count + " tiles of " + tileSide + " pixels do not make " + side);
        }
    }

    private PictureSize size(int each) {
        IsoBox ispe =
                property(each, "ispe").orElseThrow(() -> file.damaged("item " + each + " does not tell its size"));
        IsoNumbers numbers = ispe.numbers();
        numbers.skip(4);
        long columnsOfPixels = numbers.u32();
        long rowsOfPixels = numbers.u32();
        if (Math.max(columnsOfPixels, rowsOfPixels) > MOST_SIDE || Math.min(columnsOfPixels, rowsOfPixels) < 1) {
            throw file.damaged("item " + each + " declares " + columnsOfPixels + " × " + rowsOfPixels + " pixels");
        }
        return new PictureSize((int) columnsOfPixels, (int) rowsOfPixels);
    }

    private Optional<IsoBox> property(int each, String type) {
        return IsoBox.first(items.properties(each), type);
    }

    long width() {
        return width;
    }

    long height() {
        return height;
    }

    /** What decoding it takes besides the file: its pixels, and a tile as it comes from the decoder. */
    long decodingBytes() {
        return 3 * width * height + 6 * CodedFrames.mostPixels(tile);
    }

    /**
     * Decodes it, and turns nothing.
     *
     * @throws ImageException if it is damaged or cannot be decoded
     */
    RgbImage decode() {
        requireLength();
        HeifStream stream = new HeifStream(file, items, tiles, tile);
        RgbCanvas canvas = RgbCanvas.filled((int) width, (int) height, 0);
        FrameColours colours = colours();
        int[] taken = {0};
        file.frames().decode(stream.frames(), (format, samples) -> {
            file.requireTime();
            if (format.width() < tile.width() || format.height() < tile.height()) {
                throw file.damaged("its pixels are " + format.width() + " × " + format.height() + ", not "
                        + tile.width() + " × " + tile.height());
            }
            int left = taken[0] % columns * tile.width();
            int top = taken[0] / columns * tile.height();
            colours.draw(format, samples, canvas.image(), left, top, tile);
            taken[0]++;
        });
        if (taken[0] != tiles.size()) {
            throw file.damaged("it has " + taken[0] + " of " + tiles.size() + " tiles");
        }
        return canvas.image();
    }

    /** Tiles may share their bytes, and a small file could be made to write large ones without end. */
    private void requireLength() {
        long most =
                MOST_BYTES_OF_PIXEL * tile.width() * tile.height() * tiles.size() + MOST_BYTES_BESIDE * tiles.size();
        long length = 0;
        for (int each : tiles) {
            file.requireTime();
            length += items.length(each)
                    + property(each, "hvcC").map(IsoBox::length).orElse(0);
            if (length < 0 || length > most) {
                throw file.damaged("it has more bytes than its pixels need");
            }
        }
    }

    /** What its boxes say of colours is above what stands in its pixels. */
    private FrameColours colours() {
        return nclx(item).or(() -> nclx(tiles.get(0))).map(this::colours).orElse(FrameColours.AS_CODED);
    }

    private Optional<IsoBox> nclx(int each) {
        return items.properties(each).stream()
                .filter(box -> box.type().equals("colr") && file.has(box.start(), "nclx"))
                .findFirst();
    }

    private FrameColours colours(IsoBox nclx) {
        IsoNumbers numbers = nclx.numbers();
        numbers.skip(4);
        numbers.skip(4);
        int matrix = numbers.u16();
        return new FrameColours(matrix, numbers.u8() >> 7 == 1);
    }
}
