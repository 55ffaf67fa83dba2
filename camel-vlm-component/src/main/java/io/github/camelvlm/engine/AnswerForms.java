package io.github.camelvlm.engine;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ToolDefinition;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.constraint.CompiledGrammar;
import io.github.camelvlm.constraint.ConstraintCompiler;
import io.github.camelvlm.constraint.TokenTrie;
import io.github.camelvlm.grammar.Grammar;
import io.github.camelvlm.model.ModelWords;
import io.github.camelvlm.model.Tokenizer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;

/**
 * The forms that answers of one model were asked for, compiled for its vocabulary. Those asked for last are kept, as far as
 * their memory goes; one that several ask for at the same time is compiled once. Safe for use by many threads.
 */
final class AnswerForms {
    private static final int MAX_KEPT = 16;
    private static final int SHARE_OF_HEAP = 16;
    /** What the largest form takes while it is compiled, in bytes. */
    private static final long COMPILING = 256L << 20;
    /** For all models together, since they share the heap. */
    private static final Semaphore COMPILERS = new Semaphore((int) Math.max(
            1,
            Math.min(
                    Runtime.getRuntime().availableProcessors(),
                    Runtime.getRuntime().maxMemory() / COMPILING)));

    /**
     * What says which form an answer must have.
     *
     * @param format the form; null for none
     * @param tools whose calls have one
     */
    private record Asked(AnswerFormat format, Tools tools) {
        /** About the memory that it takes itself. */
        long bytes() {
            long bytes = 0;
            if (format instanceof AnswerFormat.Json json) {
                bytes += json.schema().length();
            } else if (format instanceof AnswerFormat.Regex regex) {
                bytes += regex.pattern().length();
            } else if (format instanceof AnswerFormat.Choice choice) {
                bytes += choice.texts().stream()
                        .mapToLong(text -> 50 + text.length())
                        .sum();
            }
            for (ToolDefinition tool : tools.definitions()) {
                bytes += tool.json().length();
            }
            return bytes;
        }
    }

    private final ModelWords words;
    private final long maxBytes;
    private final Map<Asked, CompletableFuture<Optional<CompiledGrammar>>> kept = new LinkedHashMap<>(16, 0.75f, true);
    private ConstraintCompiler compiler;

    AnswerForms(ModelWords words) {
        this(words, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /** @param maxBytes the most memory, about, of those that are kept beside the one asked for last */
    AnswerForms(ModelWords words, long maxBytes) {
        this.words = words;
        this.maxBytes = maxBytes;
    }

    /**
     * What the answers of a request may be.
     *
     * @param format the form asked for; null for none
     * @param tools those that the answers may or must call
     * @return empty for any text
     * @throws InvalidRequestException if no text has the form, or it takes too much to tell which have
     */
    Optional<CompiledGrammar> of(AnswerFormat format, Tools tools) {
        if (format == null && !tools.areOffered()) {
            return Optional.empty();
        }
        Asked asked = new Asked(format, tools);
        CompletableFuture<Optional<CompiledGrammar>> made = new CompletableFuture<>();
        CompletableFuture<Optional<CompiledGrammar>> known;
        synchronized (kept) {
            known = kept.putIfAbsent(asked, made);
            forgetEldest();
        }
        if (known != null) {
            return ended(known);
        }
        try {
            made.complete(make(asked));
        } catch (RuntimeException | Error e) {
            // First of all, since others may wait for it.
            made.completeExceptionally(e);
            synchronized (kept) {
                kept.remove(asked, made);
            }
        }
        return ended(made);
    }

    private static Optional<CompiledGrammar> ended(CompletableFuture<Optional<CompiledGrammar>> made) {
        try {
            return made.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw (Error) e.getCause();
        }
    }

    /** What was asked for last stays, however large: it is about to be used. */
    private void forgetEldest() {
        long bytes = 0;
        for (Map.Entry<Asked, CompletableFuture<Optional<CompiledGrammar>>> entry : kept.entrySet()) {
            bytes += bytes(entry);
        }
        Iterator<Map.Entry<Asked, CompletableFuture<Optional<CompiledGrammar>>>> eldest =
                kept.entrySet().iterator();
        while (kept.size() > 1 && (kept.size() > MAX_KEPT || bytes > maxBytes)) {
            bytes -= bytes(eldest.next());
            eldest.remove();
        }
    }

    private static long bytes(Map.Entry<Asked, CompletableFuture<Optional<CompiledGrammar>>> entry) {
        CompletableFuture<Optional<CompiledGrammar>> made = entry.getValue();
        boolean isReady = made.isDone() && !made.isCompletedExceptionally();
        return entry.getKey().bytes()
                + (isReady ? made.join().map(CompiledGrammar::bytes).orElse(0L) : 0);
    }

    private Optional<CompiledGrammar> make(Asked asked) {
        COMPILERS.acquireUninterruptibly();
        try {
            return words.grammar(asked.tools(), asked.format()).map(grammar -> compile(grammar, asked));
        } finally {
            COMPILERS.release();
        }
    }

    private CompiledGrammar compile(Grammar grammar, Asked asked) {
        try {
            return compiler().compile(grammar);
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
