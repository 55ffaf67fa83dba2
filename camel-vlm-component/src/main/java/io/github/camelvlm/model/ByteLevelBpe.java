package io.github.camelvlm.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The spelling of byte-level BPE vocabularies: each byte is written as one printable character, so that any byte
 * sequence is a readable string (Radford et al. 2019, {@code bytes_to_unicode} of GPT-2).
 */
final class ByteLevelBpe {
    private static final int BYTES = 256;
    private static final int NOT_A_BYTE = -1;

    /** The byte that each character below {@code 2 * BYTES} stands for. */
    private static final int[] BYTE_OF_CHARACTER = invertGpt2Map();

    private static final char[] CHARACTER_OF_BYTE = new char[BYTES];

    static {
        for (char character = 0; character < BYTE_OF_CHARACTER.length; character++) {
            if (BYTE_OF_CHARACTER[character] != NOT_A_BYTE) {
                CHARACTER_OF_BYTE[BYTE_OF_CHARACTER[character]] = character;
            }
        }
    }

    private ByteLevelBpe() {}

    /** Printable Latin-1 characters stand for themselves; the other bytes are numbered upwards from U+0100. */
    private static int[] invertGpt2Map() {
        int[] byteOfCharacter = new int[2 * BYTES];
        Arrays.fill(byteOfCharacter, NOT_A_BYTE);
        int nextCharacter = BYTES;
        for (int value = 0; value < BYTES; value++) {
            boolean printable = value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xFF && value != 0xAD;
            byteOfCharacter[printable ? value : nextCharacter++] = value;
        }
        return byteOfCharacter;
    }

    /**
     * The bytes that a vocabulary entry stands for. An entry with a character outside the map stands for its own UTF-8,
     * as in the {@code tokenizers} library.
     */
    static byte[] bytesOf(String entry) {
        byte[] bytes = new byte[entry.length()];
        for (int i = 0; i < bytes.length; i++) {
            char character = entry.charAt(i);
            int value = character < BYTE_OF_CHARACTER.length ? BYTE_OF_CHARACTER[character] : NOT_A_BYTE;
            if (value == NOT_A_BYTE) {
                return entry.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    /** The vocabulary entry that stands for bytes. */
    static String entryOf(byte[] bytes) {
        StringBuilder entry = new StringBuilder(bytes.length);
        for (byte value : bytes) {
            entry.append(CHARACTER_OF_BYTE[Byte.toUnsignedInt(value)]);
        }
        return entry.toString();
    }
}
