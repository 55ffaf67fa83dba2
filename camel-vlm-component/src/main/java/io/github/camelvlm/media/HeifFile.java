package io.github.camelvlm.media;

import java.util.ArrayList;
import java.util.List;

/**
 * A HEIC or AVIF file (ISO/IEC 23008-12): the item that is the picture, what shows through it, and how it is cut and turned.
 * Its own boxes say how it is to be turned; the EXIF in it says the same again, and is not asked. A {@link FrameDecoder}
 * decodes the pixels.
 */
final class HeifFile implements PictureFile {
    private static final int FLAGS = 4;
    /** Each takes a copy of the picture. */
    private static final int MOST_CHANGES = 8;

    private static final String PREFIX = "urn:mpeg:";
    private static final List<String> ALPHA =
            List.of(PREFIX + "mpegB:cicp:systems:auxiliary:alpha", PREFIX + "hevc:2015:auxid:1");
    /** A quarter to the left, once for each number. */
    private static final int[] TURNS = {Orientation.UPRIGHT, 8, 3, 6};
    /** Top and bottom change places, or left and right. */
    private static final int[] MIRRORS = {4, 2};

    private final PictureBytes file;
    private final HeifItems items;
    private final HeifLayer colour;
    private final HeifLayer alpha;

    /** One of those by which the picture that is seen is made of the one that is coded. */
    private sealed interface Change {
        PictureSize size(PictureSize before);

        RgbImage of(RgbImage before);
    }

    private record Turn(int orientation) implements Change {
        @Override
        public PictureSize size(PictureSize before) {
            return orientation > 4 ? new PictureSize(before.height(), before.width()) : before;
        }

        @Override
        public RgbImage of(RgbImage before) {
            return Orientation.apply(before, orientation);
        }
    }

    private record Crop(int left, int top, PictureSize size) implements Change {
        @Override
        public PictureSize size(PictureSize before) {
            return size;
        }

        @Override
        public RgbImage of(RgbImage before) {
            return before.part(left, top, size);
        }
    }

    /** @throws ImageException if what tells the size is cut off, damaged, or of a kind that is not supported */
    HeifFile(PictureBytes file) {
        this.file = file;
        items = new HeifItems(file);
        colour = new HeifLayer(file, items, items.primary());
        alpha = items.auxiliary(items.primary()).stream()
                .filter(this::isAlpha)
                .findFirst()
                .map(item -> new HeifLayer(file, items, item))
                .orElse(null);
        if (alpha != null && (alpha.width() != colour.width() || alpha.height() != colour.height())) {
            throw file.damaged("what tells how transparent it is has another size");
        }
    }

    private boolean isAlpha(int item) {
        return IsoBox.first(items.properties(item), "auxC")
                .filter(box -> ALPHA.stream().anyMatch(name -> file.has(box.start() + FLAGS, name)))
                .isPresent();
    }

    @Override
    public long width() {
        return colour.width();
    }

    @Override
    public long height() {
        return colour.height();
    }

    @Override
    public PictureSize upright() {
        PictureSize size = new PictureSize((int) width(), (int) height());
        for (Change change : changes()) {
            size = change.size(size);
        }
        return size;
    }

    /** In the order in which the file has them, which is the one in which they are made. */
    private List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        PictureSize size = new PictureSize((int) width(), (int) height());
        for (IsoBox property : items.properties(items.primary())) {
            Change change =
                    switch (property.type()) {
                        case "irot" -> new Turn(TURNS[property.numbers().u8() & 3]);
                        case "imir" -> new Turn(MIRRORS[property.numbers().u8() & 1]);
                        case "clap" -> crop(property.numbers(), size);
                        default -> null;
                    };
            if (change != null) {
                changes.add(change);
                size = change.size(size);
            }
            if (changes.size() > MOST_CHANGES) {
                throw file.damaged("it is to be turned more than " + MOST_CHANGES + " times");
            }
        }
        return changes;
    }

    private Crop crop(IsoNumbers clap, PictureSize before) {
        double width = clap.u32() / (double) clap.u32();
        double height = clap.u32() / (double) clap.u32();
        double right = (int) clap.u32() / (double) clap.u32();
        double down = (int) clap.u32() / (double) clap.u32();
        double left = Math.floor(right + (before.width() - width) / 2);
        double top = Math.floor(down + (before.height() - height) / 2);
        int firstColumn = (int) Math.max(0, left);
        int firstRow = (int) Math.max(0, top);
        int columns = (int) Math.min(before.width(), left + Math.rint(width)) - firstColumn;
        int rows = (int) Math.min(before.height(), top + Math.rint(height)) - firstRow;
        if (columns < 1 || rows < 1 || Double.isNaN(left) || Double.isNaN(top)) {
            throw file.damaged("nothing is left of it where it is cut");
        }
        return new Crop(firstColumn, firstRow, new PictureSize(columns, rows));
    }

    @Override
    public long decodingBytes() {
        // Changing it makes another one.
        long other = 3 * width() * height();
        return colour.decodingBytes() + other + (alpha == null ? 0 : alpha.decodingBytes());
    }

    @Override
    public RgbImage decode() {
        List<Change> changes = changes();
        RgbImage image = colour.decode();
        if (alpha != null) {
            layOverWhite(image.rgb(), alpha.decode().rgb(), items.isPremultiplied(items.primary()));
        }
        for (Change change : changes) {
            image = change.of(image);
        }
        return image;
    }

    private static void layOverWhite(byte[] rgb, byte[] opacity, boolean isPremultiplied) {
        for (int i = 0; i < rgb.length; i++) {
            int value = rgb[i] & 0xff;
            int opaque = opacity[i] & 0xff;
            rgb[i] = (byte) (isPremultiplied ? Math.min(255, value + 255 - opaque) : Colours.overWhite(value, opaque));
        }
    }
}
