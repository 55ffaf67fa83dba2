package io.github.camelvlm.media;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A TIFF file whose segments are JPEG files that share their tables (Adobe's TIFF Technical Note 2). */
final class TiffJpeg {

    /** What the field Compression says of such a file. */
    static final int COMPRESSION = 7;

    private static final int PLANAR_CONFIGURATION = 284;
    private static final int JPEG_TABLES = 347;
    private static final int MARKER_BYTES = 2;

    private final TiffDirectory directory;
    private final TiffSegments segments;
    private final Colours colours;

    /** @param colours what the components of the JPEGs are, whatever they say themselves */
    TiffJpeg(TiffDirectory directory, TiffSegments segments, Colours colours) {
        this.directory = directory;
        this.segments = segments;
        this.colours = colours;
    }

    RgbImage decode(int width, int height) throws IOException {
        PictureBytes file = directory.file();
        if (directory.value(PLANAR_CONFIGURATION, 1) != 1) {
            throw file.unsupported("a TIFF of JPEGs that hold one colour each");
        }
        RgbCanvas canvas = RgbCanvas.filled(width, height, 0);
        int down = (height + segments.height() - 1) / segments.height();
        for (int i = 0; i < segments.across() * down; i++) {
            file.requireTime();
            JpegFile segment = new JpegFile(segment(i), colours);
            // A segment larger than declared would take memory that has not been counted.
            if (segment.width() != segments.width() || segment.height() > segments.height()) {
                throw file.damaged("a part has " + segment.width() + " × " + segment.height() + " pixels, not "
                        + segments.width() + " × " + segments.height());
            }
            canvas.place(
                    segment.decode(),
                    i % segments.across() * segments.width(),
                    i / segments.across() * segments.height());
        }
        return canvas.image();
    }

    /** A segment after the shared tables, of which the end marker is left out, as is its own start marker. */
    private PictureBytes segment(int number) {
        PictureBytes file = directory.file();
        int start = (int) segments.offsets()[number];
        int length = (int) segments.bytes()[number];
        TiffDirectory.Entry tables = directory.entries().get(JPEG_TABLES);
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        if (tables != null && tables.count() > 2 * MARKER_BYTES && length > MARKER_BYTES) {
            jpeg.write(file.bytes(), tables.valueAt(), tables.count() - MARKER_BYTES);
            jpeg.write(file.bytes(), start + MARKER_BYTES, length - MARKER_BYTES);
        } else {
            jpeg.write(file.bytes(), start, length);
        }
        PictureBytes bytes = file.with(jpeg.toByteArray());
        if (!bytes.has(0, JpegFile.SIGNATURE)) {
            throw file.damaged("a part is no JPEG");
        }
        return bytes;
    }
}
