package io.github.camelvlm.engine;

/**
 * Makes text of the bytes of one sequence's tokens as they come, and never gives out a part of a character: the first
 * bytes of a character wait for its last.
 *
 * <p>Bytes that are no UTF-8 become U+FFFD, one for each longest beginning of a character (the decoder of the WHATWG
 * Encoding Standard, which Rust's {@code from_utf8_lossy} and so the {@code tokenizers} library agree with; Java's own
 * makes one of the three that an encoded surrogate gives).
 *
 * <p>For one thread.
 */
public final class Detokenizer {
    private static final char REPLACEMENT = '\uFFFD';
    private static final int LOWEST_CONTINUATION = 0x80;
    private static final int HIGHEST_CONTINUATION = 0xBF;

    private int codePoint;
    private int bytesMissing;
    private int lowest = LOWEST_CONTINUATION;
    private int highest = HIGHEST_CONTINUATION;

    /**
     * Takes the bytes of the next token.
     *
     * @return the characters that are now complete, perhaps none
     */
    public String append(byte[] tokenBytes) {
        StringBuilder text = new StringBuilder(tokenBytes.length);
        for (byte signed : tokenBytes) {
            int value = Byte.toUnsignedInt(signed);
            if (bytesMissing > 0 && (value < lowest || value > highest)) {
                text.append(REPLACEMENT);
                bytesMissing = 0;
            }
            if (bytesMissing > 0) {
                continueCharacter(value, text);
            } else {
                beginCharacter(value, text);
            }
        }
        return text.toString();
    }

    private void continueCharacter(int value, StringBuilder text) {
        lowest = LOWEST_CONTINUATION;
        highest = HIGHEST_CONTINUATION;
        codePoint = codePoint << 6 | value & 0x3F;
        bytesMissing--;
        if (bytesMissing == 0) {
            text.appendCodePoint(codePoint);
        }
    }

    private void beginCharacter(int value, StringBuilder text) {
        lowest = LOWEST_CONTINUATION;
        highest = HIGHEST_CONTINUATION;
        if (value < 0x80) {
            text.append((char) value);
        } else if (value >= 0xC2 && value <= 0xDF) {
            expect(1, value & 0x1F);
        } else if (value >= 0xE0 && value <= 0xEF) {
            // Not what fewer bytes can write, and no surrogates.
            lowest = value == 0xE0 ? 0xA0 : LOWEST_CONTINUATION;
            highest = value == 0xED ? 0x9F : HIGHEST_CONTINUATION;
            expect(2, value & 0x0F);
        } else if (value >= 0xF0 && value <= 0xF4) {
            // Not what fewer bytes can write, and nothing above U+10FFFF.
            lowest = value == 0xF0 ? 0x90 : LOWEST_CONTINUATION;
            highest = value == 0xF4 ? 0x8F : HIGHEST_CONTINUATION;
            expect(3, value & 0x07);
        } else {
            text.append(REPLACEMENT);
        }
    }

    private void expect(int bytes, int firstBits) {
        bytesMissing = bytes;
        codePoint = firstBits;
    }

    /**
     * Ends the text.
     *
     * @return U+FFFD if a character was cut off, otherwise nothing
     */
    public String finish() {
        boolean cutOff = bytesMissing > 0;
        bytesMissing = 0;
        return cutOff ? String.valueOf(REPLACEMENT) : "";
    }
}
