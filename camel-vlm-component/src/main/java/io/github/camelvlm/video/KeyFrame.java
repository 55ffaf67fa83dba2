package io.github.camelvlm.video;

import java.nio.ByteBuffer;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Whether a packet that a file calls a key frame is one: that nothing behind it looks at what is before it. */
final class KeyFrame {
    private static final int LENGTH_BYTES = 4;

    private KeyFrame() {}

    /**
     * Looks at it.
     *
     * @param file the file
     * @param place where the packet is in it, in bytes
     * @param size how many bytes the packet has
     * @param codec what ffmpeg calls its codec
     * @return whether it surely is one; false for codecs of which that is not known
     */
    static boolean isWhole(byte[] file, long place, int size, String codec) {
        return switch (codec) {
            // Their key frames make a decoder forget everything.
            case "vp8", "vp9", "av1" -> true;
            case "h264" ->
                areSlices(file, place, size, unit -> unit & 0x1F, type -> type >= 1 && type <= 5, type -> type == 5);
            case "hevc" ->
                areSlices(
                        file,
                        place,
                        size,
                        unit -> unit >> 1 & 0x3F,
                        type -> type < 32,
                        type -> type == 19 || type == 20);
            default -> false;
        };
    }

    /**
     * In H.264 and H.265 a key frame may also be one behind which pictures are shown that look at what is before it (open
     * groups), or of which only some rows are fresh (intra refresh). Whether it makes a decoder forget everything is told by
     * the types of its slices, each of them a unit behind its length.
     */
    private static boolean areSlices(
            byte[] file, long place, int size, IntUnaryOperator type, IntPredicate isSlice, IntPredicate isWanted) {
        if (place < 0 || size < 0 || place > file.length - size) {
            return false;
        }
        ByteBuffer packet = ByteBuffer.wrap(file, (int) place, size);
        boolean hasSlice = false;
        while (packet.remaining() > LENGTH_BYTES) {
            int length = packet.getInt();
            if (length < 1 || length > packet.remaining()) {
                return false;
            }
            int unit = type.applyAsInt(packet.get(packet.position()));
            packet.position(packet.position() + length);
            if (isSlice.test(unit)) {
                if (!isWanted.test(unit)) {
                    return false;
                }
                hasSlice = true;
            }
        }
        return hasSlice && !packet.hasRemaining();
    }
}
