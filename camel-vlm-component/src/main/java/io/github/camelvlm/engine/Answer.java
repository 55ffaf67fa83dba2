package io.github.camelvlm.engine;

import io.github.camelvlm.chat.AnswerClock;
import io.github.camelvlm.chat.BufferedGeneration;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.PromptLogprob;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.SeenPicture;
import io.github.camelvlm.chat.TokenLogprob;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.Usage;
import io.github.camelvlm.model.CompiledPrompt;
import io.github.camelvlm.model.Tokenizer;
import io.github.camelvlm.model.ToolCallParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The text that a sequence's tokens make, handed out piece by piece as whole characters and cut before a stop text. */
final class Answer {
    private final String model;
    private final Tokenizer tokenizer;
    private final Set<Integer> endTokens;
    private final BufferedGeneration reader;
    private final AnswerClock clock;
    private final CompiledPrompt prompt;
    private final ToolCallParser toolCallParser;
    private final boolean logprobsWanted;
    private final boolean specialTokensShown;
    private final boolean isEndShown;
    private final SamplingOptions sampling;

    private final Detokenizer detokenizer = new Detokenizer();
    private final StopStrings stopStrings;
    private final StringBuilder text = new StringBuilder();
    private final List<ToolCall> toolCalls = new ArrayList<>();
    private final List<Integer> tokenIds = new ArrayList<>();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private final List<PromptLogprob> promptLogprobs = new ArrayList<>();

    /**
     * @param model the name that completions report
     * @param endTokens the ids that end the model's turn; such a token has no text unless the request asks for what ended it
     * @param reader who reads it
     * @param askedAt when it was asked for, by {@link System#nanoTime}
     * @param prompt what it answers
     * @param sampling says what is told of it and where it stops
     * @param toolCallParser finds the calls of tools in it
     */
    Answer(
            String model,
            Tokenizer tokenizer,
            Set<Integer> endTokens,
            BufferedGeneration reader,
            long askedAt,
            CompiledPrompt prompt,
            SamplingOptions sampling,
            ToolCallParser toolCallParser) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.endTokens = endTokens;
        this.reader = reader;
        clock = new AnswerClock(askedAt);
        this.prompt = prompt;
        this.toolCallParser = toolCallParser;
        this.sampling = sampling;
        isEndShown = Boolean.TRUE.equals(sampling.includeStop());
        stopStrings = new StopStrings(sampling.stop() == null ? List.of() : sampling.stop(), isEndShown);
        logprobsWanted = sampling.topLogprobs() != null;
        specialTokensShown = Boolean.FALSE.equals(sampling.skipSpecialTokens());
    }

    /**
     * The prompt is computed.
     *
     * @param cachedTokens as in {@link #finish}
     */
    void begin(int cachedTokens) {
        reader.prompt(new Usage(prompt.ids().length, 0, cachedTokens));
    }

    /**
     * Takes the next token.
     *
     * @return whether it is complete: a stop text appeared, or the one call of a tool that is allowed
     */
    boolean append(SampledToken token) {
        clock.token();
        tokenIds.add(token.id());
        List<TokenLogprob> described = logprobsWanted ? List.of(describe(token)) : List.of();
        logprobs.addAll(described);
        boolean mayStop = sampling.minTokens() == null || tokenIds.size() > sampling.minTokens();
        String said = isShown(token.id())
                ? stopStrings.append(detokenizer.append(tokenizer.bytesOf(token.id())), mayStop)
                : "";
        ToolCallParser.Piece piece = keep(toolCallParser.append(said));
        reader.piece(new Delta(piece.text(), List.of(token.id()), described, piece.calls()));
        return stopStrings.matched() || toolCallParser.hasEnded();
    }

    private ToolCallParser.Piece keep(ToolCallParser.Piece piece) {
        text.append(piece.text());
        toolCalls.addAll(piece.calls());
        return piece;
    }

    private boolean isShown(int id) {
        boolean isEnd = endTokens.contains(id)
                || sampling.stopTokenIds() != null && sampling.stopTokenIds().contains(id);
        return (!isEnd || isEndShown) && (specialTokensShown || !tokenizer.isSpecial(id));
    }

    /** The next tokens of the prompt are known to have been so likely. */
    void score(List<ScoredToken> tokens) {
        tokens.forEach(scored -> promptLogprobs.add(new PromptLogprob(describe(scored.token()), scored.rank())));
    }

    private TokenLogprob describe(SampledToken token) {
        List<TokenLogprob> top = new ArrayList<>();
        for (int i = 0; i < token.topIds().length; i++) {
            int id = token.topIds()[i];
            top.add(new TokenLogprob(id, tokenizer.bytesOf(id), token.topLogprobs()[i], List.of()));
        }
        return new TokenLogprob(token.id(), tokenizer.bytesOf(token.id()), token.logprob(), top);
    }

    /**
     * Hands out what was held back and the whole.
     *
     * @param reason why no more tokens are chosen
     * @param cachedTokens the tokens of the prompt that did not have to be computed
     * @param proposed the tokens that rode along in its steps
     * @param accepted those of them that were right
     * @return the reason that readers are told, which the last characters may change
     */
    FinishReason finish(FinishReason reason, int cachedTokens, int proposed, int accepted) {
        String rest = stopStrings.matched() ? "" : stopStrings.append(detokenizer.finish());
        rest += stopStrings.finish();
        boolean isCut = reason != FinishReason.STOP || stopStrings.matched();
        ToolCallParser.Piece piece = keep(toolCallParser.finish(rest, isCut));
        if (!piece.text().isEmpty() || !piece.calls().isEmpty()) {
            reader.piece(new Delta(piece.text(), List.of(), List.of(), piece.calls()));
        }
        // The very last characters may turn out to be a stop text only now that nothing can follow them.
        FinishReason trueReason = stopStrings.matched() ? FinishReason.STOP : reason;
        if (trueReason == FinishReason.STOP && !toolCalls.isEmpty()) {
            trueReason = FinishReason.TOOL_CALLS;
        }
        reader.end(new Completion(
                model,
                text.toString(),
                toolCalls,
                tokenIds,
                logprobs,
                trueReason,
                new Usage(prompt.ids().length, tokenIds.size(), cachedTokens, accepted, proposed - accepted),
                clock.end(),
                pictures(),
                promptLogprobs));
        return trueReason;
    }

    private List<SeenPicture> pictures() {
        return prompt.pictures().stream()
                .filter(picture -> !picture.isOfVideo())
                .map(picture -> new SeenPicture(
                        picture.name(),
                        picture.width(),
                        picture.height(),
                        picture.tokens(),
                        picture.image().width(),
                        picture.image().height()))
                .toList();
    }
}
