package io.github.camelvlm.engine;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.constraint.ConstraintCompiler;
import io.github.camelvlm.constraint.Expression;
import io.github.camelvlm.constraint.Grammar;
import io.github.camelvlm.constraint.TokenTrie;
import io.github.camelvlm.model.ModelWords;
import io.github.camelvlm.model.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The forms that answers of one model were asked for, compiled for its vocabulary. Those asked for last are kept. Safe for use
 * by many threads.
 */
final class AnswerForms {
    /** Bounds the memory that stays in use; each has bounds of its own. */
    private static final int MAX_KEPT = 32;

    private final ModelWords words;
    private final Map<AnswerFormat, Form> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<AnswerFormat, Form> eldest) {
            return size() > MAX_KEPT;
        }
    };
    private ConstraintCompiler compiler;

    AnswerForms(ModelWords words) {
        this.words = words;
    }

    /**
     * What the answers of a request may be.
     *
     * @throws InvalidRequestException if that cannot be told of any text, of none, or takes too much
     */
    Form of(AnswerFormat format) {
        synchronized (kept) {
            Form known = kept.get(format);
            if (known != null) {
                return known;
            }
        }
        Form compiled;
        try {
            compiled = new Form(compiler().compile(grammar(format)));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(format.field(), e.getMessage());
        }
        synchronized (kept) {
            kept.put(format, compiled);
        }
        return compiled;
    }

    private static Grammar grammar(AnswerFormat format) {
        if (format instanceof AnswerFormat.Choice choice) {
            return Grammar.of(new Expression.Alternatives(
                    choice.texts().stream().map(Expression::literal).toList()));
        }
        throw new InvalidRequestException(format.field(), "is not supported yet");
    }

    /** Made when it is first needed, since it takes memory. */
    private synchronized ConstraintCompiler compiler() {
        if (compiler == null) {
            Tokenizer tokenizer = words.tokenizer();
            TokenTrie trie = TokenTrie.of(
                    words.vocabulary(), id -> tokenizer.isSpecial(id) ? new byte[0] : tokenizer.bytesOf(id));
            compiler = new ConstraintCompiler(trie, words.defaults().endTokens(), tokenizer::encodeText);
        }
        return compiler;
    }
}
