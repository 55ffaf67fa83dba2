package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.Grammar;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** Makes of grammars what tells which tokens of one vocabulary may follow. Any number of threads may use it. */
public final class ConstraintCompiler {
    private final Vocabulary vocabulary;

    /**
     * Forced bytes are written in the longest tokens that there are.
     *
     * @param tokens the vocabulary
     * @param endTokens those that end an answer
     * @throws IllegalArgumentException if one of them is not in the vocabulary
     */
    public ConstraintCompiler(TokenTrie tokens, Set<Integer> endTokens) {
        this(tokens, endTokens, null);
    }

    /**
     * Forced bytes are written as the tokenizer would.
     *
     * @param tokens the vocabulary
     * @param endTokens those that end an answer
     * @param encoder the tokenizer, for text alone and any number of threads; null where there is none
     * @throws IllegalArgumentException if an end token is not in the vocabulary
     */
    public ConstraintCompiler(TokenTrie tokens, Set<Integer> endTokens, Function<String, int[]> encoder) {
        vocabulary = new Vocabulary(Objects.requireNonNull(tokens, "tokens"), endTokens, encoder);
    }

    /**
     * Prepares for texts of a grammar.
     *
     * @throws EmptyGrammarException if there is no text
     * @throws io.github.camelvlm.grammar.GrammarTooLargeException if it would take too much memory or time
     */
    public CompiledGrammar compile(Grammar grammar) {
        return new CompiledGrammar(grammar, vocabulary);
    }
}
