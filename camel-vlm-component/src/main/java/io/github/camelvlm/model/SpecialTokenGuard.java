package io.github.camelvlm.model;

import io.github.camelvlm.chat.ModelLoadException;
import java.util.BitSet;
import java.util.Collection;

/**
 * Marks text so that no special token can be found in it, not even one that is only put together when texts are joined.
 *
 * <p>A mark stands after every character that begins a special token, and before every one that ends one, so a special
 * token that begins or ends in marked text is interrupted. The marks are characters that Unicode reserves for use inside
 * programs; where text holds them itself, they are escaped.
 */
final class SpecialTokenGuard {
    private static final char MARK = '\uFDD0';
    private static final char ESCAPE = '\uFDD1';
    private static final char ESCAPED_MARK = '0';
    private static final char ESCAPED_ESCAPE = '1';

    private final BitSet first = new BitSet();
    private final BitSet last = new BitSet();

    /**
     * @param specialTokens the contents of the special tokens
     * @throws ModelLoadException if one is a single character, which no mark can interrupt
     */
    SpecialTokenGuard(Collection<String> specialTokens) {
        for (String token : specialTokens) {
            if (token.length() < 2) {
                throw new ModelLoadException("The tokenizer has the special token " + token
                        + " of a single character, which cannot be kept out of text: use a model without it");
            }
            first.set(token.charAt(0));
            last.set(token.charAt(token.length() - 1));
        }
    }

    /** Marks text; {@link #unmark} undoes it. */
    String mark(String text) {
        StringBuilder marked = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == MARK) {
                marked.append(ESCAPE).append(ESCAPED_MARK);
            } else if (character == ESCAPE) {
                marked.append(ESCAPE).append(ESCAPED_ESCAPE);
            } else {
                if (last.get(character)) {
                    marked.append(MARK);
                }
                marked.append(character);
                if (first.get(character)) {
                    marked.append(MARK);
                }
            }
        }
        return marked.toString();
    }

    /** Takes out the marks of text, or of texts that were marked one by one and joined. */
    String unmark(String marked) {
        StringBuilder text = new StringBuilder(marked.length());
        for (int i = 0; i < marked.length(); i++) {
            char character = marked.charAt(i);
            if (character == ESCAPE && i + 1 < marked.length()) {
                i++;
                text.append(marked.charAt(i) == ESCAPED_MARK ? MARK : ESCAPE);
            } else if (character != MARK) {
                text.append(character);
            }
        }
        return text.toString();
    }
}
