package io.github.camelvlm.engine;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.constraint.ConstraintCompiler;
import io.github.camelvlm.constraint.Grammar;
import io.github.camelvlm.constraint.TokenTrie;
import io.github.camelvlm.model.ModelWords;
import io.github.camelvlm.model.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The forms that answers of one model were asked for, compiled for its vocabulary. Those asked for last are kept. Safe for use
 * by many threads.
 */
final class AnswerForms {
    /** Each takes some megabytes, at most 32. */
    private static final int MAX_KEPT = 16;

    /**
     * What says which form an answer must have.
     *
     * @param format the form; null for none
     * @param tools whose calls have one
     */
    private record Asked(AnswerFormat format, Tools tools) {}

    private final ModelWords words;
    private final Map<Asked, Form> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Form> eldest) {
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
     * @param format the form asked for; null for none
     * @param tools those that the answers may or must call
     * @return empty for any text
     * @throws InvalidRequestException if no text has the form, or it takes too much to tell which have
     */
    Optional<Form> of(AnswerFormat format, Tools tools) {
        if (format == null && !tools.areOffered()) {
            return Optional.empty();
        }
        Asked asked = new Asked(format, tools);
        synchronized (kept) {
            Form known = kept.get(asked);
            if (known != null) {
                return Optional.of(known);
            }
        }
        Optional<Form> form = words.grammar(tools, format).map(grammar -> compile(grammar, asked));
        synchronized (kept) {
            form.ifPresent(made -> kept.put(asked, made));
        }
        return form;
    }

    private Form compile(Grammar grammar, Asked asked) {
        try {
            return new Form(compiler().compile(grammar));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(
                    asked.format() == null ? "tools" : asked.format().field(), e.getMessage());
        }
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
