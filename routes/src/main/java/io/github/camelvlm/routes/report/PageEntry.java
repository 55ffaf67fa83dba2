package io.github.camelvlm.routes.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.exchange.PageAnswer;
import io.github.camelvlm.openai.FieldConfidence;
import java.time.Duration;
import java.util.Map;

/**
 * What reports tell of a page: the caption, or the data, and how it came about; or why there is none.
 *
 * @param page its number in the document, from 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PageEntry(
        int page,
        String caption,
        JsonNode data,
        String failure,
        @JsonProperty("finish_reason") String finishReason,
        Double confidence,
        @JsonProperty("field_confidence") Map<String, Double> fieldConfidence,
        Picture picture,
        Usage usage,
        Times times) {

    /** Reads JSON without a loss of digits. */
    static final ObjectReader READER = new ObjectMapper()
            .reader()
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);

    private static final ObjectMapper WRITER =
            new ObjectMapper().configure(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES, false);

    record Picture(int width, int height) {}

    record Usage(
            @JsonProperty("prompt_tokens") Integer promptTokens,
            @JsonProperty("completion_tokens") Integer completionTokens,
            @JsonProperty("total_tokens") Integer totalTokens) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Times(
            @JsonProperty("first_token_ms") Long firstToken,
            @JsonProperty("total_ms") Long total) {}

    /** @param isData whether the page was asked for JSON */
    static ObjectNode of(PageAnswer answer, boolean isData) {
        return WRITER.valueToTree(entry(answer, isData));
    }

    private static PageEntry entry(PageAnswer answer, boolean isData) {
        Completion completion = answer.completion();
        if (completion == null) {
            return new PageEntry(
                    answer.page(), null, null, OptionNames.in(answer.failure()), null, null, null, null, null, null);
        }
        JsonNode data = isData ? data(completion.text()) : null;
        boolean isTold = !completion.logprobs().isEmpty();
        return new PageEntry(
                answer.page(),
                data == null ? completion.text() : null,
                data,
                null,
                completion.finishReason().wireName(),
                isTold ? (Double) completion.confidence().getAsDouble() : null,
                data != null && isTold ? FieldConfidence.of(completion.logprobs()) : null,
                picture(completion),
                new Usage(
                        completion.usage().promptTokens(),
                        completion.usage().completionTokens(),
                        completion.usage().totalTokens()),
                new Times(
                        millis(completion.timings().firstToken()),
                        millis(completion.timings().total())));
    }

    private static Picture picture(Completion completion) {
        return completion.pictures().isEmpty()
                ? null
                : new Picture(
                        completion.pictures().get(0).width(),
                        completion.pictures().get(0).height());
    }

    private static Long millis(Duration time) {
        return time == null ? null : time.toMillis();
    }

    /** Null for what was cut before its JSON was whole, also before its first character. */
    static JsonNode data(String caption) {
        try {
            JsonNode data = READER.readTree(caption);
            return data.isMissingNode() ? null : data;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
