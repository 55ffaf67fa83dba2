package io.github.camelvlm.media;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Files that are sound but not read, known by their first bytes, so that each is told by its name and what to do. */
final class OtherFormats {
    private static final String CONVERT = "convert it to PNG or JPEG";
    private static final String DEVELOP = "develop it to JPEG";
    private static final String RENDER = "render it to PNG";
    private static final String CAMERA_RAW = "a camera's raw picture";

    private record Format(int at, String beginning, String name, String mend) {}

    private static final List<Format> FORMATS = List.of(
            new Format(0, "\0\0\0\fjP  ", "a JPEG 2000 picture", CONVERT),
            new Format(0, "\u00ff\u004f\u00ff\u0051", "a JPEG 2000 picture", CONVERT),
            new Format(0, "\0\0\0\fJXL ", "a JPEG XL picture", CONVERT),
            new Format(0, "\u00ff\n", "a JPEG XL picture", CONVERT),
            new Format(0, "II\u00bc\1", "a JPEG XR picture", CONVERT),
            new Format(4, "ftypcrx ", CAMERA_RAW, DEVELOP),
            new Format(0, "FUJIFILMCCD-RAW", CAMERA_RAW, DEVELOP),
            new Format(0, "IIRO", CAMERA_RAW, DEVELOP),
            new Format(0, "IIRS", CAMERA_RAW, DEVELOP),
            new Format(0, "MMOR", CAMERA_RAW, DEVELOP),
            new Format(0, "IIU\0", CAMERA_RAW, DEVELOP),
            new Format(6, "HEAPCCDR", CAMERA_RAW, DEVELOP),
            new Format(0, "\0MRM", CAMERA_RAW, DEVELOP),
            new Format(0, "FOVb", CAMERA_RAW, DEVELOP),
            new Format(0, "%PDF-", "a PDF document", "render its pages to PNG"),
            new Format(0, "%!PS", "a PostScript document", RENDER),
            new Format(0, "\u00c5\u00d0\u00d3\u00c6", "a PostScript document", RENDER),
            new Format(0, "\u00d7\u00cd\u00c6\u009a", "a Windows metafile", RENDER),
            new Format(40, " EMF", "a Windows metafile", RENDER),
            new Format(0, "8BPS\0\2", "a large Photoshop document (PSB)", CONVERT),
            new Format(0, "gimp xcf", "a GIMP picture", CONVERT),
            new Format(0, "icns", "an Apple icon (ICNS)", CONVERT),
            new Format(0, "v/1\1", "an OpenEXR picture", CONVERT),
            new Format(0, "#?RADIANCE", "a Radiance HDR picture", CONVERT),
            new Format(0, "#?RGBE", "a Radiance HDR picture", CONVERT),
            new Format(0, "PF\n", "a floating-point picture (PFM)", CONVERT),
            new Format(0, "Pf\n", "a floating-point picture (PFM)", CONVERT),
            new Format(0, "(\0\0\0", "a bitmap without its file header (DIB)", CONVERT),
            new Format(0, "FORM", "an IFF file", CONVERT),
            new Format(0, "DDS ", "a DDS texture", CONVERT),
            new Format(0, "qoif", "a QOI picture", CONVERT),
            new Format(0, "FLIF", "a FLIF picture", CONVERT),
            new Format(0, "BPG\u00fb", "a BPG picture", CONVERT),
            new Format(0, "AT&TFORM", "a DjVu document", "render its pages to PNG"),
            new Format(128, "DICM", "a DICOM picture", CONVERT),
            new Format(0, "SIMPLE  =", "a FITS picture", CONVERT),
            new Format(0, "\u008aMNG", "an MNG animation", CONVERT),
            new Format(0, "\u008bJNG", "a JNG picture", CONVERT),
            new Format(0, "\u0059\u00a6\u006a\u0095", "a Sun raster picture", CONVERT),
            new Format(0, "\1\u00da", "an SGI picture", CONVERT),
            new Format(0, "PK\3\4", "a ZIP archive", "unpack it, and send its pictures"),
            new Format(0, "\u001f\u008b", "a gzip archive", "unpack it, and send what it holds"));

    /** What else is told by the start of a text: an XML declaration, comments and a document type may come first. */
    private static final Pattern SVG = Pattern.compile(
            "\\A(?:\u00ef\u00bb\u00bf)?\\s*(?:<\\?xml|<!--|<!DOCTYPE\\s+svg|<svg[\\s>]).*", Pattern.DOTALL);

    private static final int TEXT_BYTES = 4096;

    private OtherFormats() {}

    /** What to say of the file if it is of a format that is not read; empty if it is of none that is known. */
    static Optional<ImageException> find(PictureBytes file) {
        for (Format format : FORMATS) {
            if (file.has(format.at(), format.beginning())) {
                return Optional.of(refusal(file, format.name(), format.mend()));
            }
        }
        if (isPcx(file)) {
            return Optional.of(refusal(file, "a PCX picture", CONVERT));
        }
        if (file.has(4, "ftyp") || file.has(0, "\u001aE\u00df\u00a3")) {
            return Optional.of(new ImageException("picture " + file.name()
                    + " is a video: send it as a video, such as by video_url, or a frame of it as PNG"));
        }
        String text = new String(file.bytes(), 0, Math.min(TEXT_BYTES, file.length()), StandardCharsets.ISO_8859_1);
        return SVG.matcher(text).matches() && text.contains("<svg")
                ? Optional.of(refusal(file, "an SVG drawing", RENDER))
                : Optional.empty();
    }

    /** One byte of signature, a version, run lengths, and the bits of a value. */
    private static boolean isPcx(PictureBytes file) {
        return file.has(0, "\n") && file.length() > 3 && file.u8(1) <= 5 && file.u8(2) == 1 && file.u8(3) <= 8;
    }

    static ImageException cameraRaw(PictureBytes file) {
        return refusal(file, CAMERA_RAW, DEVELOP);
    }

    private static ImageException refusal(PictureBytes file, String name, String mend) {
        return new ImageException("picture " + file.name() + " is " + name + ", which is not supported: " + mend);
    }
}
