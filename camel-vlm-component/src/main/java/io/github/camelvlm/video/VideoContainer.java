package io.github.camelvlm.video;

import io.github.camelvlm.media.PictureType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A format of video files. */
enum VideoContainer {
    /** MP4 and QuickTime. */
    MOV("mov", 0),
    /** Matroska and WebM. */
    MATROSKA("matroska", 4);

    private static final int BRAND_END = 12;

    private final String demuxer;
    private final int packetOffset;

    VideoContainer(String demuxer, int packetOffset) {
        this.demuxer = demuxer;
        this.packetOffset = packetOffset;
    }

    /** What ffmpeg calls it. */
    String demuxer() {
        return demuxer;
    }

    /** How many bytes are between the place that ffprobe tells of a packet and its content: a number, a time and flags. */
    int packetOffset() {
        return packetOffset;
    }

    /** The format by the first bytes of a file; empty if it is no video that is read. */
    static Optional<VideoContainer> of(byte[] file) {
        String head = new String(file, 0, Math.min(BRAND_END, file.length), StandardCharsets.ISO_8859_1);
        if (head.startsWith("\u001aE\u00df\u00a3")) {
            return Optional.of(MATROSKA);
        }
        if (head.length() < BRAND_END) {
            return Optional.empty();
        }
        return switch (head.substring(4, 8)) {
            // Pictures have the same container, and brands of their own.
            case "ftyp" ->
                PictureType.of(file).isPresent() || head.substring(8).matches("crx |jp2 |jpx ")
                        ? Optional.empty()
                        : Optional.of(MOV);
            case "moov", "mdat", "wide", "free", "skip" -> Optional.of(MOV);
            default -> Optional.empty();
        };
    }
}
