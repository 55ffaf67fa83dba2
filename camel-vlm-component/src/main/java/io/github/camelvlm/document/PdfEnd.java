package io.github.camelvlm.document;

import java.nio.charset.StandardCharsets;

/**
 * Tells a PDF file that was cut off: what reads it would take the pages that are left for all there are. A whole one ends
 * with a table of its objects, or at least a mark, behind the last of them.
 */
final class PdfEnd {
    private static final byte[] END_OF_OBJECT = ascii("endobj");

    /** With {@code startxref}, which is there where the table is an object too. */
    private static final byte[][] BEHIND_OBJECTS = {ascii("xref"), ascii("trailer"), ascii("%%EOF")};

    private PdfEnd() {}

    /** Whether nothing of what ends a PDF stands behind the last of its objects that is whole. */
    static boolean isMissing(byte[] file) {
        for (int at = file.length - 1; at >= 0; at--) {
            if (has(file, at, END_OF_OBJECT)) {
                return true;
            }
            for (byte[] word : BEHIND_OBJECTS) {
                if (has(file, at, word)) {
                    return false;
                }
            }
        }
        return false;
    }

    private static boolean has(byte[] file, int at, byte[] word) {
        if (file[at] != word[0] || at + word.length > file.length) {
            return false;
        }
        for (int i = 1; i < word.length; i++) {
            if (file[at + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}
