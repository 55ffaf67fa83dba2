package io.github.camelvlm.media;

import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.spi.ImageReaderSpi;

/**
 * A JPEG file (ITU-T T.81). The decoder gets the segments that pixels are made of, without profiles and thumbnails, and
 * gives raw components; which colours they are is decided here, by the rules of libjpeg's {@code jdapimin.c} that Pillow
 * follows.
 */
final class JpegFile implements PictureFile {
    static final String SIGNATURE = "\u00ff\u00d8\u00ff";

    /** Each scan of a progressive file costs a pass over the whole picture; encoders make about ten. */
    private static final int MAX_SCANS = 100;

    private static final ImageReaderSpi DECODER = Readers.ofJdk("jpeg");
    private static final int RST0 = 0xd0;
    private static final int RST7 = 0xd7;
    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;
    private static final int APP15 = 0xef;
    private static final int COMMENT = 0xfe;
    private static final int NO_ADOBE = -1;

    private final PictureBytes file;
    private final ByteArrayOutputStream bare = new ByteArrayOutputStream();
    private int at;
    private int width;
    private int height;
    private int[] componentIds = {};
    private int scans;
    private final Boolean declaredYcc;
    private boolean jfif;
    private int adobeTransform = NO_ADOBE;
    private int orientation = Orientation.UPRIGHT;

    /** @throws ImageException if the file is cut off or damaged before its frame header */
    JpegFile(PictureBytes file) {
        this(file, null);
    }

    /** @param ycc whether three components are luma and colour differences, if a file around this one says so */
    JpegFile(PictureBytes file, Boolean ycc) {
        this.file = file;
        declaredYcc = ycc;
        bare.write(file.bytes(), 0, 2);
        at = 2;
        while (componentIds.length == 0) {
            if (!readSegment()) {
                throw file.damaged("it has no pixels");
            }
        }
    }

    /** Reads the next segment and keeps it if pixels are made of it; false at the end of the picture. */
    private boolean readSegment() {
        // Markers may be padded with any number of 0xff.
        while (file.u8(at) == 0xff && file.u8(at + 1) == 0xff) {
            at++;
        }
        int marker = file.u8(at + 1);
        if (file.u8(at) != 0xff || marker <= 0x01 || marker >= RST0 && marker <= SOI) {
            throw file.damaged("a segment does not begin where it should");
        }
        if (marker == EOI) {
            return false;
        }
        int length = file.u16(at + 2, false);
        file.require(at, 2L + length);
        if (length < 2) {
            throw file.damaged("a segment has no length");
        }
        int end = readSegment(marker, length);
        if (marker < APP0 || marker > APP15 && marker != COMMENT) {
            bare.write(file.bytes(), at, end - at);
        }
        at = end;
        return true;
    }

    /** Reads the segment of this marker, and gives the place after it and the compressed data that follows. */
    private int readSegment(int marker, int length) {
        int end = at + 2 + length;
        if (isFrame(marker)) {
            readFrame();
        } else if (marker == APP0 && file.has(at + 4, "JFIF\0")) {
            jfif = true;
        } else if (marker == APP1 && file.has(at + 4, "Exif\0\0") && orientation == Orientation.UPRIGHT) {
            orientation = Orientation.read(file, at + 4, length - 2);
        } else if (marker == APP14 && file.has(at + 4, "Adobe") && length >= 14) {
            adobeTransform = file.u8(at + 15);
        } else if (marker == SOS) {
            if (++scans > MAX_SCANS) {
                throw file.unsupported("a JPEG of more than " + MAX_SCANS + " scans");
            }
            return endOfScan(end);
        }
        return end;
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private void readFrame() {
        if (componentIds.length > 0) {
            throw file.damaged("it has two frames");
        }
        if (file.u8(at + 4) != 8) {
            throw file.unsupported("a JPEG of " + file.u8(at + 4) + " bits per value");
        }
        height = file.u16(at + 5, false);
        width = file.u16(at + 7, false);
        componentIds = new int[file.u8(at + 9)];
        for (int i = 0; i < componentIds.length; i++) {
            componentIds[i] = file.u8(at + 10 + 3 * i);
        }
        if (componentIds.length != 1 && componentIds.length != 3 && componentIds.length != 4) {
            throw file.unsupported("a JPEG of " + componentIds.length + " components");
        }
    }

    /** The first marker after compressed data, in which 0xff is followed by 0 or a restart marker. */
    private int endOfScan(int start) {
        int i = start;
        while (true) {
            if (file.u8(i) == 0xff) {
                int next = file.u8(i + 1);
                if (next != 0 && next != 0xff && (next < RST0 || next > RST7)) {
                    return i;
                }
            }
            i++;
        }
    }

    @Override
    public long width() {
        return width;
    }

    @Override
    public long height() {
        return height;
    }

    @Override
    public int orientation() {
        return orientation;
    }

    @Override
    public RgbImage decode() throws IOException {
        while (readSegment()) {
            continue;
        }
        if (scans == 0) {
            throw file.damaged("it has no pixels");
        }
        bare.write(0xff);
        bare.write(EOI);
        Raster raster = Readers.with(DECODER, bare.toByteArray(), reader -> reader.readRaster(0, null));
        return Orientation.apply(Colours.convert(raster, colours()), orientation);
    }

    private Colours colours() {
        return switch (componentIds.length) {
            case 1 -> Colours.gray(1, 0);
            case 3 ->
                isYcc()
                        ? (samples, pixels, rgb, at) -> {
                            YccColours.toRgb(samples, 3, pixels);
                            Colours.rgb(3, 0).toRgb(samples, pixels, rgb, at);
                        }
                        : Colours.rgb(3, 0);
            default -> this::inks;
        };
    }

    private boolean isYcc() {
        if (declaredYcc != null) {
            return declaredYcc;
        }
        if (jfif) {
            return true;
        }
        if (adobeTransform != NO_ADOBE) {
            return adobeTransform != 0;
        }
        return !(componentIds[0] == 'R' && componentIds[1] == 'G' && componentIds[2] == 'B');
    }

    /** Pillow takes four components for Adobe's, which are stored inverted; those of YCCK are inverted once more. */
    private void inks(int[] samples, int pixels, byte[] rgb, int at) {
        boolean ycck = adobeTransform != NO_ADOBE && adobeTransform != 0;
        if (ycck) {
            YccColours.toRgb(samples, 4, pixels);
        }
        for (int i = 0; i < 4 * pixels; i++) {
            if (!ycck || i % 4 == 3) {
                samples[i] = 255 - samples[i];
            }
        }
        Colours.cmyk(4, 0).toRgb(samples, pixels, rgb, at);
    }
}
