package io.github.camelvlm.constraint;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds the tokens that must follow. */
final class ForcedTokens {
    /** More is found from further on. */
    private static final int MOST_BYTES = 512;

    private static final int MOST_TRIED = 8;

    private final Automaton automaton;
    private final Vocabulary vocabulary;

    ForcedTokens(Automaton automaton, Vocabulary vocabulary) {
        this.automaton = automaton;
        this.vocabulary = vocabulary;
    }

    int[] after(State state) {
        byte[] bytes = new byte[MOST_BYTES];
        int size = 0;
        State at = state;
        for (int next = only(at); next >= 0 && size < MOST_BYTES; next = only(at)) {
            bytes[size++] = (byte) next;
            at = automaton.next(at, (byte) next);
        }
        int whole = whole(bytes, size);
        int[] tokens = whole == 0 ? new int[0] : encode(Arrays.copyOf(bytes, whole));
        int count = consistent(tokens, bytes, whole);
        boolean isWhole = count > 0 && whole == size && count == tokens.length;
        boolean isLastSure = isWhole && (at.isComplete() || mayStandBeforeOthers(tokens, bytes, size, at));
        return Arrays.copyOf(tokens, isLastSure ? count : Math.max(0, count - 1));
    }

    /** Whether the tokenizer leaves tokens as they are before some of what may follow: it may make one of the last and that. */
    private boolean mayStandBeforeOthers(int[] tokens, byte[] bytes, int size, State at) {
        byte[] longer = Arrays.copyOf(bytes, size + 1);
        int tried = 0;
        for (byte next = ' '; next <= '~' && tried < MOST_TRIED; next++) {
            if (automaton.next(at, next) != State.DEAD) {
                tried++;
                longer[size] = next;
                if (Arrays.equals(
                        tokens, 0, tokens.length, Arrays.copyOf(encode(longer), tokens.length), 0, tokens.length)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** @return the only byte that may follow, or -1 */
    private int only(State state) {
        int only = -1;
        for (int i = 0; i < state.size(); i++) {
            int[] edges = automaton.nfa.values[state.nodes[i]];
            for (int edge = 0; edge < edges.length; edge += 3) {
                if (edges[edge] != edges[edge + 1] || only >= 0 && only != edges[edge]) {
                    return -1;
                }
                only = edges[edge];
            }
        }
        return state.mayEnd ? -1 : only;
    }

    /** How many bytes are whole characters from the first on. */
    private static int whole(byte[] bytes, int size) {
        if (size == 0 || isWithinCharacter(bytes[0])) {
            return 0;
        }
        int last = size - 1;
        while (isWithinCharacter(bytes[last])) {
            last--;
        }
        int lead = bytes[last] & 0xFF;
        int length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        return last + length == size ? size : last;
    }

    private static boolean isWithinCharacter(byte value) {
        return (value & 0xC0) == 0x80;
    }

    private int[] encode(byte[] bytes) {
        if (vocabulary.encoder != null) {
            return vocabulary.encoder.apply(new String(bytes, StandardCharsets.UTF_8));
        }
        TokenTrie trie = vocabulary.tokens;
        int[] tokens = new int[bytes.length];
        int count = 0;
        for (int from = 0; from < bytes.length; ) {
            int token = -1;
            int end = from;
            int node = -1;
            for (int i = from; i < bytes.length; i++) {
                node = trie.child(node, bytes[i]);
                if (node < 0) {
                    break;
                }
                if (trie.token(node) >= 0) {
                    token = trie.token(node);
                    end = i + 1;
                }
            }
            if (token < 0) {
                break;
            }
            tokens[count++] = token;
            from = end;
        }
        return Arrays.copyOf(tokens, count);
    }

    /** How many of the tokens stand for just these bytes: a tokenizer may write some characters as others. */
    private int consistent(int[] tokens, byte[] bytes, int size) {
        int at = 0;
        for (int i = 0; i < tokens.length; i++) {
            byte[] of = vocabulary.tokens.bytes(tokens[i]);
            int end = at + of.length;
            if (of.length == 0 || end > size || !Arrays.equals(of, 0, of.length, bytes, at, end)) {
                return i;
            }
            at = end;
        }
        return tokens.length;
    }
}
