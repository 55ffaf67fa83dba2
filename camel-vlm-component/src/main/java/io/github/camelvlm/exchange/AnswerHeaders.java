package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.SeenPicture;
import io.github.camelvlm.chat.TokenLogprob;
import io.github.camelvlm.chat.Usage;
import io.github.camelvlm.openai.FieldConfidence;
import io.github.camelvlm.openai.ResponseMetadata;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Message;

/** Writes what is known of whole answers into the headers of a message. */
public final class AnswerHeaders {
    private static final List<String> NAMES = List.of(
            VlmHeaders.RESPONSE_MODEL,
            VlmHeaders.RESPONSE_ID,
            VlmHeaders.FINISH_REASON,
            VlmHeaders.LOGPROB,
            VlmHeaders.BOXES,
            VlmHeaders.SCORES,
            VlmHeaders.CONFIDENCE,
            VlmHeaders.FIELD_CONFIDENCE,
            VlmHeaders.PROMPT_TOKENS,
            VlmHeaders.CACHED_TOKENS,
            VlmHeaders.COMPLETION_TOKENS,
            VlmHeaders.TOTAL_TOKENS,
            VlmHeaders.TOTAL_MILLIS,
            VlmHeaders.TIME_TO_FIRST_TOKEN_MILLIS,
            VlmHeaders.IMAGE_COUNT,
            VlmHeaders.IMAGE_WIDTH,
            VlmHeaders.IMAGE_HEIGHT,
            VlmHeaders.PAGE_FAILURES,
            VlmHeaders.PAGE_FINISH_REASONS);

    private AnswerHeaders() {}

    /** Takes away what is said of an earlier answer, so that it is not taken for this one's. */
    public static void remove(Message message) {
        NAMES.forEach(message::removeHeader);
    }

    /**
     * Writes the headers of the answers to one request: counts and times of all together, the rest of the first.
     *
     * @param completions at least one
     */
    public static void write(List<Completion> completions, ResponseMetadata metadata, Message message) {
        write(completions, completions.size(), metadata, message);
    }

    /**
     * Writes the headers of the answers to several prompts of one request.
     *
     * @param completions at least one
     * @param answers how many of them there are of each prompt
     */
    public static void write(List<Completion> completions, int answers, ResponseMetadata metadata, Message message) {
        Completion first = completions.get(0);
        Usage usage = Usage.of(completions.stream().map(Completion::usage).toList(), answers);
        message.setHeader(VlmHeaders.RESPONSE_MODEL, metadata.model());
        message.setHeader(VlmHeaders.FINISH_REASON, first.finishReason().wireName());
        if (!first.logprobs().isEmpty()) {
            message.setHeader(
                    VlmHeaders.LOGPROB,
                    first.logprobs().stream().mapToDouble(TokenLogprob::logprob).sum());
        }
        first.confidence().ifPresent(confidence -> message.setHeader(VlmHeaders.CONFIDENCE, confidence));
        message.setHeader(VlmHeaders.PROMPT_TOKENS, usage.promptTokens());
        message.setHeader(VlmHeaders.CACHED_TOKENS, usage.cachedTokens());
        message.setHeader(VlmHeaders.COMPLETION_TOKENS, usage.completionTokens());
        message.setHeader(VlmHeaders.TOTAL_TOKENS, usage.totalTokens());
        message.setHeader(
                VlmHeaders.TOTAL_MILLIS,
                completions.stream()
                        .map(completion -> completion.timings().total())
                        .max(Duration::compareTo)
                        .orElseThrow()
                        .toMillis());
        if (first.timings().firstToken() != null) {
            message.setHeader(
                    VlmHeaders.TIME_TO_FIRST_TOKEN_MILLIS,
                    first.timings().firstToken().toMillis());
        }
        message.setHeader(VlmHeaders.IMAGE_COUNT, first.pictures().size());
        if (!first.pictures().isEmpty()) {
            SeenPicture picture = first.pictures().get(0);
            message.setHeader(VlmHeaders.IMAGE_WIDTH, picture.width());
            message.setHeader(VlmHeaders.IMAGE_HEIGHT, picture.height());
        }
    }

    /** Writes how sure the model was of each field of an answer that is JSON, where its log-probabilities are known. */
    public static void writeFields(Completion completion, Message message) {
        if (!completion.logprobs().isEmpty()) {
            message.setHeader(VlmHeaders.FIELD_CONFIDENCE, FieldConfidence.of(completion.logprobs()));
        }
    }
}
