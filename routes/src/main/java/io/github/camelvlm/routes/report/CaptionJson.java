package io.github.camelvlm.routes.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.camelvlm.VlmConstants;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Tells as JSON what {@code vlm:describe} said of a picture. */
public final class CaptionJson {
    private static final ObjectWriter ON_ONE_LINE = new ObjectMapper().writer();
    private static final ObjectWriter INDENTED = ON_ONE_LINE.with(SerializationFeature.INDENT_OUTPUT);

    private record Picture(Integer width, Integer height, Long bytes) {}

    private record Usage(
            @JsonProperty("prompt_tokens") Integer promptTokens,
            @JsonProperty("completion_tokens") Integer completionTokens,
            @JsonProperty("total_tokens") Integer totalTokens) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Times(
            @JsonProperty("first_token_ms") Long firstToken,
            @JsonProperty("total_ms") Long total) {}

    private record Caption(
            String name,
            String caption,
            String model,
            @JsonProperty("finish_reason") String finishReason,
            Picture picture,
            Usage usage,
            Times times,
            @JsonProperty("described_at") String describedAt) {}

    /**
     * The JSON of a caption; counts are named as in OpenAI's format, sizes are in pixels and bytes, times in milliseconds.
     *
     * @param message what {@code vlm:describe} made of the message of a file
     */
    public String write(Message message) throws JsonProcessingException {
        return INDENTED.writeValueAsString(caption(message));
    }

    /** The same JSON on one line. */
    public String writeLine(Message message) throws JsonProcessingException {
        return ON_ONE_LINE.writeValueAsString(caption(message));
    }

    private static Caption caption(Message message) {
        return new Caption(
                message.getHeader(Exchange.FILE_NAME, String.class),
                message.getBody(String.class),
                message.getHeader(VlmConstants.RESPONSE_MODEL, String.class),
                message.getHeader(VlmConstants.FINISH_REASON, String.class),
                new Picture(
                        message.getHeader(VlmConstants.IMAGE_WIDTH, Integer.class),
                        message.getHeader(VlmConstants.IMAGE_HEIGHT, Integer.class),
                        message.getHeader(Exchange.FILE_LENGTH, Long.class)),
                new Usage(
                        message.getHeader(VlmConstants.PROMPT_TOKENS, Integer.class),
                        message.getHeader(VlmConstants.COMPLETION_TOKENS, Integer.class),
                        message.getHeader(VlmConstants.TOTAL_TOKENS, Integer.class)),
                new Times(
                        message.getHeader(VlmConstants.TIME_TO_FIRST_TOKEN_MILLIS, Long.class),
                        message.getHeader(VlmConstants.TOTAL_MILLIS, Long.class)),
                Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    }
}
