package io.github.camelvlm.video;

import io.github.camelvlm.media.PictureType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A format of video files. */
enum VideoContainer {
    /** MP4 and QuickTime. */
    MOV("mov", 0),
    /** Matroska and WebM. */
    MATROSKA("matroska", 4);

    private static final int BRAND_END = 12;

    /** Its length in 32 bits, and its type; a length of 1 stands for one of 64 bits behind the type, and 0 for the rest. */
    private static final int BOX_HEADER = 8;

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

    /** Whether a file ends within a part of it that it declares to be longer. Matroska is read up to where it ends. */
    boolean isCutOff(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        long at = 0;
        while (this == MOV && at + BOX_HEADER <= file.length) {
            long length = bytes.getInt((int) at) & 0xffff_ffffL;
            boolean isLong = length == 1 && at + 2 * BOX_HEADER <= file.length;
            if (isLong) {
                length = bytes.getLong((int) at + BOX_HEADER);
            }
            if (length == 0) {
                return false;
            }
            if (length < BOX_HEADER) {
                return !isLong && length == 1;
            }
            if (length > file.length - at) {
                return true;
            }
            at += length;
        }
        return this == MOV && at < file.length;
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
