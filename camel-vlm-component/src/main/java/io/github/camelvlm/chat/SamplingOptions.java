package io.github.camelvlm.chat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How tokens are chosen and when generation ends. Every field may be null, which leaves it to {@link #orElse the next
 * source of defaults}.
 *
 * @param maxTokens the most tokens to generate
 * @param temperature 0 for the most likely token always; above it, logits are divided by it before the draw
 * @param topP draw from the most likely tokens that together have this probability; 0 for the most likely token always
 * @param topK draw from this many most likely tokens; 0 for all
 * @param minP draw from tokens at least this likely relative to the most likely one
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens that the prompt or the answer
 *     holds (Keskar et al. 2019, as in transformers)
 * @param presencePenalty subtracted from the logit of a token that the answer holds (OpenAI's definition)
 * @param frequencyPenalty subtracted from the logit of a token for each time that the answer holds it (OpenAI's
 *     definition)
 * @param logitBias added to the logits of the tokens with these ids
 * @param stop texts before which the answer ends
 * @param seed decides the random draws; null for draws that differ each time
 * @param topLogprobs the number of most likely tokens reported with each token's log-probability; 0 for that alone, null
 *     for no log-probabilities
 * @param ignoreEos whether the answer goes on where the model would end its turn, until its length is reached
 * @param skipSpecialTokens whether special tokens, such as those around a box, are left out of the text; those that end
 *     a turn always are
 * @param minTokens the fewest tokens before one that ends the answer may be chosen, or a stop text counts
 * @param stopTokenIds ids of further tokens that end the answer
 * @param includeStop whether the text holds the stop text, or the token, that ended it
 * @param badWords texts that the answer must not hold: the last token that would complete one is not chosen
 * @param allowedTokenIds ids of the only tokens that may be chosen, at least one
 * @param promptLogprobs the number of most likely tokens reported with the log-probability of each token of the prompt; 0
 *     for that alone, null for none of it
 * @param repetition how often the answer may repeat itself before it is ended; {@link RepetitionBounds#OFF} for as often as
 *     it likes
 * @param format the form that the answer must have; null for any
 */
public record SamplingOptions(
        Integer maxTokens,
        Double temperature,
        Double topP,
        Integer topK,
        Double minP,
        Double repetitionPenalty,
        Double presencePenalty,
        Double frequencyPenalty,
        Map<Integer, Double> logitBias,
        List<String> stop,
        Long seed,
        Integer topLogprobs,
        Boolean ignoreEos,
        Boolean skipSpecialTokens,
        Integer minTokens,
        List<Integer> stopTokenIds,
        Boolean includeStop,
        List<String> badWords,
        List<Integer> allowedTokenIds,
        Integer promptLogprobs,
        RepetitionBounds repetition,
        AnswerFormat format) {

    /** The most alternatives that {@link #topLogprobs} and {@link #promptLogprobs} can ask for, as in OpenAI's format. */
    public static final int MAX_TOP_LOGPROBS = 20;

    /** The most texts that {@link #stop} can hold. */
    public static final int MAX_STOPS = 16;

    /** The most texts that {@link #badWords} can hold. */
    public static final int MAX_BAD_WORDS = 1000;

    private static final int MAX_BAD_WORD_LENGTH = 1000;
    private static final int MAX_REPETITION_PENALTY = 10;

    /** Nothing set. */
    public static final SamplingOptions NONE = builder().build();

    /** @throws InvalidRequestException if a value is out of its range; it names the field and the range */
    public SamplingOptions {
        require("max_tokens", maxTokens, 1, Integer.MAX_VALUE);
        require("temperature", temperature, 0, 2);
        require("top_k", topK, 0, Integer.MAX_VALUE);
        require("top_p", topP, 0, 1);
        require("min_p", minP, 0, 1);
        require("presence_penalty", presencePenalty, -2, 2);
        require("frequency_penalty", frequencyPenalty, -2, 2);
        require("top_logprobs", topLogprobs, 0, MAX_TOP_LOGPROBS);
        require("prompt_logprobs", promptLogprobs, 0, MAX_TOP_LOGPROBS);
        if (repetitionPenalty != null && !(repetitionPenalty > 0 && repetitionPenalty <= MAX_REPETITION_PENALTY)) {
            throw new InvalidRequestException(
                    "repetition_penalty",
                    "must be above 0 and at most " + MAX_REPETITION_PENALTY + ", but is " + repetitionPenalty);
        }
        // Sorted, since what is made of it, such as a digest, has to be the same in every JVM.
        logitBias = logitBias == null ? null : Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(logitBias)));
        stop = stop == null ? null : List.copyOf(stop);
        if (logitBias != null) {
            logitBias.values().forEach(bias -> require("logit_bias", bias, -100, 100));
        }
        if (stop != null && stop.size() > MAX_STOPS) {
            throw new InvalidRequestException(
                    "stop", "must hold at most " + MAX_STOPS + " texts, but holds " + stop.size());
        }
        if (stop != null && stop.stream().anyMatch(String::isEmpty)) {
            throw new InvalidRequestException("stop", "must not hold an empty text");
        }
        stopTokenIds = stopTokenIds == null ? null : List.copyOf(stopTokenIds);
        badWords = badWords == null ? null : List.copyOf(badWords);
        allowedTokenIds = allowedTokenIds == null ? null : List.copyOf(allowedTokenIds);
        if (badWords != null && badWords.stream().anyMatch(String::isBlank)) {
            throw new InvalidRequestException("bad_words", "must not hold an empty text");
        }
        require("min_tokens", minTokens, 0, Integer.MAX_VALUE);
        if (minTokens != null && maxTokens != null && minTokens > maxTokens) {
            throw new InvalidRequestException(
                    "min_tokens", "must not be above max_tokens (" + maxTokens + "), but is " + minTokens);
        }
        if (badWords != null && badWords.stream().anyMatch(text -> text.length() > MAX_BAD_WORD_LENGTH)) {
            throw new InvalidRequestException(
                    "bad_words",
                    "must hold texts of at most " + MAX_BAD_WORD_LENGTH + " characters, but holds a longer one");
        }
        if (badWords != null && badWords.size() > MAX_BAD_WORDS) {
            throw new InvalidRequestException(
                    "bad_words", "must hold at most " + MAX_BAD_WORDS + " texts, but holds " + badWords.size());
        }
        if (allowedTokenIds != null && allowedTokenIds.isEmpty()) {
            throw new InvalidRequestException(
                    "allowed_token_ids", "must hold at least one id: leave it out to allow all");
        }
    }

    private static void require(String field, Number value, int least, int most) {
        // Written so that NaN is refused too.
        if (value != null && !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            throw new InvalidRequestException(
                    field,
                    most == Integer.MAX_VALUE
                            ? "must be at least " + least + ", but is " + value
                            : "must be between " + least + " and " + most + ", but is " + value);
        }
    }

    /** These options, and those of {@code other} where these say nothing. */
    public SamplingOptions orElse(SamplingOptions other) {
        return new SamplingOptions(
                first(other, SamplingOptions::maxTokens),
                first(other, SamplingOptions::temperature),
                first(other, SamplingOptions::topP),
                first(other, SamplingOptions::topK),
                first(other, SamplingOptions::minP),
                first(other, SamplingOptions::repetitionPenalty),
                first(other, SamplingOptions::presencePenalty),
                first(other, SamplingOptions::frequencyPenalty),
                first(other, SamplingOptions::logitBias),
                first(other, SamplingOptions::stop),
                first(other, SamplingOptions::seed),
                first(other, SamplingOptions::topLogprobs),
                first(other, SamplingOptions::ignoreEos),
                first(other, SamplingOptions::skipSpecialTokens),
                first(other, SamplingOptions::minTokens),
                first(other, SamplingOptions::stopTokenIds),
                first(other, SamplingOptions::includeStop),
                first(other, SamplingOptions::badWords),
                first(other, SamplingOptions::allowedTokenIds),
                first(other, SamplingOptions::promptLogprobs),
                first(other, SamplingOptions::repetition),
                first(other, SamplingOptions::format));
    }

    /**
     * The options for one of several answers to a request, which differ by their draws: the first has the seed, the second
     * the number after it, and so on. The first one alone tells of the prompt, which all share.
     *
     * @param answer which of them, from 0
     */
    public SamplingOptions forAnswer(int answer) {
        if (answer == 0) {
            return this;
        }
        return new SamplingOptions(
                maxTokens,
                temperature,
                topP,
                topK,
                minP,
                repetitionPenalty,
                presencePenalty,
                frequencyPenalty,
                logitBias,
                stop,
                seed == null ? null : Long.valueOf(seed + answer),
                topLogprobs,
                ignoreEos,
                skipSpecialTokens,
                minTokens,
                stopTokenIds,
                includeStop,
                badWords,
                allowedTokenIds,
                null,
                repetition,
                format);
    }

    private <T> T first(SamplingOptions other, Function<SamplingOptions, T> field) {
        T mine = field.apply(this);
        return mine != null ? mine : field.apply(other);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects options one by one; what is not set stays null. */
    public static final class Builder {
        private Integer maxTokens;
        private Double temperature;
        private Double topP;
        private Integer topK;
        private Double minP;
        private Double repetitionPenalty;
        private Double presencePenalty;
        private Double frequencyPenalty;
        private Map<Integer, Double> logitBias;
        private List<String> stop;
        private Long seed;
        private Integer topLogprobs;
        private Boolean ignoreEos;
        private Boolean skipSpecialTokens;
        private Integer minTokens;
        private List<Integer> stopTokenIds;
        private Boolean includeStop;
        private List<String> badWords;
        private List<Integer> allowedTokenIds;
        private Integer promptLogprobs;
        private RepetitionBounds repetition;
        private AnswerFormat format;

        private Builder() {}

        public Builder maxTokens(Integer value) {
            maxTokens = value;
            return this;
        }

        public Builder temperature(Double value) {
            temperature = value;
            return this;
        }

        public Builder topP(Double value) {
            topP = value;
            return this;
        }

        public Builder topK(Integer value) {
            topK = value;
            return this;
        }

        public Builder minP(Double value) {
            minP = value;
            return this;
        }

        public Builder repetitionPenalty(Double value) {
            repetitionPenalty = value;
            return this;
        }

        public Builder presencePenalty(Double value) {
            presencePenalty = value;
            return this;
        }

        public Builder frequencyPenalty(Double value) {
            frequencyPenalty = value;
            return this;
        }

        public Builder logitBias(Map<Integer, Double> value) {
            logitBias = value;
            return this;
        }

        public Builder stop(List<String> value) {
            stop = value;
            return this;
        }

        public Builder seed(Long value) {
            seed = value;
            return this;
        }

        public Builder topLogprobs(Integer value) {
            topLogprobs = value;
            return this;
        }

        public Builder ignoreEos(Boolean value) {
            ignoreEos = value;
            return this;
        }

        public Builder skipSpecialTokens(Boolean value) {
            skipSpecialTokens = value;
            return this;
        }

        public Builder minTokens(Integer value) {
            minTokens = value;
            return this;
        }

        public Builder stopTokenIds(List<Integer> value) {
            stopTokenIds = value;
            return this;
        }

        public Builder includeStop(Boolean value) {
            includeStop = value;
            return this;
        }

        public Builder badWords(List<String> value) {
            badWords = value;
            return this;
        }

        public Builder allowedTokenIds(List<Integer> value) {
            allowedTokenIds = value;
            return this;
        }

        public Builder promptLogprobs(Integer value) {
            promptLogprobs = value;
            return this;
        }

        public Builder repetition(RepetitionBounds value) {
            repetition = value;
            return this;
        }

        public Builder format(AnswerFormat value) {
            format = value;
            return this;
        }

        /** @throws InvalidRequestException if a value is out of its range */
        public SamplingOptions build() {
            return new SamplingOptions(
                    maxTokens,
                    temperature,
                    topP,
                    topK,
                    minP,
                    repetitionPenalty,
                    presencePenalty,
                    frequencyPenalty,
                    logitBias,
                    stop,
                    seed,
                    topLogprobs,
                    ignoreEos,
                    skipSpecialTokens,
                    minTokens,
                    stopTokenIds,
                    includeStop,
                    badWords,
                    allowedTokenIds,
                    promptLogprobs,
                    repetition,
                    format);
        }
    }
}
