package io.github.camelvlm.engine;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.SeenPicture;
import io.github.camelvlm.chat.Timings;
import io.github.camelvlm.chat.TokenLogprob;
import io.github.camelvlm.chat.Usage;
import io.github.camelvlm.qwen.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The text that a sequence's tokens make, handed out piece by piece as whole characters and cut before a stop text. */
final class Answer {
    private final String model;
    private final Tokenizer tokenizer;
    private final LocalGeneration reader;
    private final long askedAt;
    private final int promptTokens;
    private final List<SeenPicture> pictures;
    private final boolean logprobsWanted;

    private final Detokenizer detokenizer = new Detokenizer();
    private final StopStrings stopStrings;
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> tokenIds = new ArrayList<>();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private Duration firstToken;

    /**
     * @param model the name that completions report
     * @param reader who reads it
     * @param askedAt when it was asked for, by {@link System#nanoTime}
     * @param stop texts before which it ends
     * @param logprobsWanted whether tokens are reported with their log-probabilities
     */
    Answer(
            String model,
            Tokenizer tokenizer,
            LocalGeneration reader,
            long askedAt,
            int promptTokens,
            List<SeenPicture> pictures,
            List<String> stop,
            boolean logprobsWanted) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.reader = reader;
        this.askedAt = askedAt;
        this.promptTokens = promptTokens;
        this.pictures = pictures;
        this.stopStrings = new StopStrings(stop);
        this.logprobsWanted = logprobsWanted;
    }

    /**
     * Takes the next token.
     *
     * @param ends whether it is one that ends the model's turn; such a token has no text
     * @return whether a stop text appeared
     */
    boolean append(SampledToken token, boolean ends) {
        if (firstToken == null) {
            firstToken = sinceAsked();
        }
        tokenIds.add(token.id());
        List<TokenLogprob> described = logprobsWanted ? List.of(describe(token)) : List.of();
        logprobs.addAll(described);
        boolean silent = ends || tokenizer.isSpecial(token.id());
        String piece = silent ? "" : stopStrings.append(detokenizer.append(tokenizer.bytesOf(token.id())));
        text.append(piece);
        reader.piece(new Delta(piece, List.of(token.id()), described));
        return stopStrings.matched();
    }

    private TokenLogprob describe(SampledToken token) {
        List<TokenLogprob> top = new ArrayList<>();
        for (int i = 0; i < token.topIds().length; i++) {
            int id = token.topIds()[i];
            top.add(new TokenLogprob(id, tokenizer.bytesOf(id), token.topLogprobs()[i], List.of()));
        }
        return new TokenLogprob(token.id(), tokenizer.bytesOf(token.id()), token.logprob(), top);
    }

    /** Hands out what was held back and the whole. */
    void finish(FinishReason reason) {
        String rest = stopStrings.matched() ? "" : stopStrings.append(detokenizer.finish());
        rest += stopStrings.finish();
        if (!rest.isEmpty()) {
            text.append(rest);
            reader.piece(new Delta(rest, List.of(), List.of()));
        }
        // The very last characters may turn out to be a stop text only now that nothing can follow them.
        FinishReason trueReason = stopStrings.matched() ? FinishReason.STOP : reason;
        reader.end(new Completion(
                model,
                text.toString(),
                tokenIds,
                logprobs,
                trueReason,
                new Usage(promptTokens, tokenIds.size()),
                new Timings(firstToken, sinceAsked()),
                pictures));
    }

    private Duration sinceAsked() {
        return Duration.ofNanos(System.nanoTime() - askedAt);
    }
}
