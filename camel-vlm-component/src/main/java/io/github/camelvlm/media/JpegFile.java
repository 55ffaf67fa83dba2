package io.github.camelvlm.media;

import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.spi.ImageReaderSpi;

/**
 * A JPEG file (ITU-T T.81). The decoder gets the segments that pixels are made of, without profiles and thumbnails, and
 * gives raw components; which colours they are is decided here, by the rules of libjpeg's {@code jdapimin.c} that Pillow
 * follows. Bytes between segments are passed over, as libjpeg does.
 */
final class JpegFile implements PictureFile {
    static final String SIGNATURE = "\u00ff\u00d8";

    /** Each scan of a progressive file costs a pass over the whole picture; encoders make 10 to 20. */
    private static final int MAX_SCANS = 100;

    /** Pixels times scans, about five seconds: 31 scans of the largest picture, 100 of 20 megapixels. */
    private static final long MAX_SCANNED_PIXELS = 2_000_000_000;

    private static final ImageReaderSpi DECODER = Readers.ofJdk("jpeg");
    private static final int PROGRESSIVE_FRAME = 0xc2;
    private static final int RST0 = 0xd0;
    private static final int RST7 = 0xd7;
    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;
    private static final int APP15 = 0xef;
    private static final int JPEG_LS_FRAME = 0xf7;
    private static final int COMMENT = 0xfe;
    private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";
    private static final int NO_ADOBE = -1;

    private final PictureBytes file;
    private final ByteArrayOutputStream bare = new ByteArrayOutputStream();
    private int at;
    private boolean progressive;
    private int width;
    private int height;
    private int[] componentIds = {};
    private int scans;
    private JpegProgress progress;
    private boolean endIsMissing;
    private final Colours declared;
    private boolean jfif;
    private int adobeTransform = NO_ADOBE;
    private int orientation = Orientation.UNKNOWN;
    private int xmpOrientation = Orientation.UNKNOWN;

    /** @throws ImageException if the file is cut off or damaged before its frame header */
    JpegFile(PictureBytes file) {
        this(file, null);
    }

    /** @param declared what the components are, if a file around this one says so, or null */
    JpegFile(PictureBytes file, Colours declared) {
        this.file = file;
        this.declared = declared;
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
        int marker = nextMarker();
        if (marker == EOI) {
            return false;
        }
        if (marker == SOI) {
            throw file.damaged("a second picture begins within it");
        }
        // libjpeg takes a length that does not even count itself for an empty segment.
        int length = Math.max(2, file.u16(at + 2, false));
        file.require(at, 2L + length);
        int end = readSegment(marker, length);
        if (marker < APP0 || marker > APP15 && marker != COMMENT) {
            bare.write(file.bytes(), at, end - at);
        }
        at = end;
        return true;
    }

    /**
     * Goes to the next marker, over bytes that belong to no segment and over markers that have none, and gives it.
     * Pixels without an end marker end with the file.
     */
    private int nextMarker() {
        while (true) {
            if (scans > 0 && at >= file.length() - 1) {
                endIsMissing = true;
                return EOI;
            }
            boolean marks = file.u8(at) == 0xff;
            int marker = file.u8(at + 1);
            if (marks && marker >= 0xc0 && marker != 0xff && (marker < RST0 || marker > RST7)) {
                return marker;
            }
            at++;
        }
    }

    /** Reads the segment of this marker, and gives the place after it and the compressed data that follows. */
    private int readSegment(int marker, int length) {
        int end = at + 2 + length;
        if (isFrame(marker)) {
            readFrame(marker);
        } else if (marker == APP0 && file.has(at + 4, "JFIF\0")) {
            jfif = true;
        } else if (marker == APP1 && file.has(at + 4, "Exif\0\0") && orientation == Orientation.UNKNOWN) {
            orientation = Orientation.read(file, at + 4, length - 2);
        } else if (marker == APP1 && file.has(at + 4, XMP)) {
            xmpOrientation = Orientation.fromXmp(Arrays.copyOfRange(file.bytes(), at + 4, end));
        } else if (marker == APP14 && file.has(at + 4, "Adobe") && length >= 14) {
            adobeTransform = file.u8(at + 15);
        } else if (marker == SOS) {
            readScan();
            return endOfScan(end);
        }
        return end;
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
                || marker == JPEG_LS_FRAME;
    }

    private void readFrame(int marker) {
        if (componentIds.length > 0) {
            throw file.damaged("it has two frames");
        }
        requireSupported(marker);
        progressive = marker == PROGRESSIVE_FRAME;
        if (file.u8(at + 4) != 8) {
            throw file.unsupported("a JPEG of " + file.u8(at + 4) + " bits per value");
        }
        height = file.u16(at + 5, false);
        width = file.u16(at + 7, false);
        if (height == 0) {
            throw file.unsupported("a JPEG whose height stands after its pixels");
        }
        componentIds = new int[file.u8(at + 9)];
        for (int i = 0; i < componentIds.length; i++) {
            componentIds[i] = file.u8(at + 10 + 3 * i);
        }
        int count = componentIds.length;
        if (count != 1 && count != 3 && count != 4 && (count != 2 || declared == null)) {
            throw file.unsupported("a JPEG of " + count + " components");
        }
        progress = new JpegProgress(componentIds);
    }

    private void requireSupported(int marker) {
        String coding = marker >= 0xc9 && marker <= 0xcf ? " with arithmetic coding" : "";
        switch (marker) {
            case 0xc0, 0xc1, PROGRESSIVE_FRAME -> {}
            case 0xc9, 0xca -> throw file.unsupported("a JPEG" + coding);
            case 0xc3, 0xcb -> throw file.unsupported("a lossless JPEG" + coding);
            case JPEG_LS_FRAME -> throw file.unsupported("a JPEG-LS file");
            default -> throw file.unsupported("a hierarchical JPEG" + coding);
        }
    }

    private void readScan() {
        if (componentIds.length == 0) {
            throw file.damaged("its pixels stand before their size");
        }
        scans++;
        if (scans > MAX_SCANS || (long) scans * width * height > MAX_SCANNED_PIXELS) {
            throw file.unsupported("a JPEG of " + scans + " or more scans of " + width + " × " + height + " pixels");
        }
        progress.add(file, at + 4);
    }

    /** The first marker after compressed data, in which 0xff is followed by 0 or a restart marker; or the file's end. */
    private int endOfScan(int start) {
        int i = start;
        while (i < file.length() - 1) {
            if (file.u8(i) == 0xff) {
                int next = file.u8(i + 1);
                if (next > 0 && next < 0xc0) {
                    throw file.damaged("its compressed pixels hold an unknown marker");
                }
                if (next != 0 && next != 0xff && (next < RST0 || next > RST7)) {
                    return i;
                }
            }
            i++;
        }
        return file.length();
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
    public long decodingBytes() {
        // A progressive picture is held as coefficients of two bytes until its last scan has come.
        int count = componentIds.length;
        return PictureFile.footprint(width, height, count) + (progressive ? 2L * count * width * height : 0);
    }

    @Override
    public int orientation() {
        return orientation == Orientation.UNKNOWN ? xmpOrientation : orientation;
    }

    @Override
    public RgbImage decode() throws IOException {
        while (readSegment()) {
            continue;
        }
        if (scans == 0) {
            throw file.damaged("it has no pixels");
        }
        if (endIsMissing && !progress.isComplete()) {
            throw file.cutOff();
        }
        bare.write(0xff);
        bare.write(EOI);
        Raster raster = Readers.with(DECODER, file.with(bare.toByteArray()), reader -> {
            // Where pixels are missing the decoder invents them and warns; bytes too many do no harm.
            if (endIsMissing) {
                reader.addIIOReadWarningListener((source, warning) -> {
                    if (!warning.contains("extraneous")) {
                        throw file.cutOff();
                    }
                });
            }
            return reader.readRaster(0, null);
        });
        return Orientation.apply(Colours.convert(raster, colours()), orientation());
    }

    private Colours colours() {
        if (declared != null) {
            return declared;
        }
        return switch (componentIds.length) {
            case 1 -> Colours.gray(1, 0);
            case 3 -> isYcc() ? YccColours.colours() : Colours.rgb(3, 0);
            default -> this::inks;
        };
    }

    private boolean isYcc() {
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
