package io.github.camelvlm.routes.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.VlmConstants;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Tells as JSON what {@code vlm:describe} said of a picture or a document. */
public final class CaptionJson {
    private static final ObjectWriter ON_ONE_LINE = new ObjectMapper().writer();
    private static final ObjectWriter INDENTED = ON_ONE_LINE.with(SerializationFeature.INDENT_OUTPUT);

    /** Without its size where there is none, such as of a video. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Picture(Integer width, Integer height, Long bytes) {}

    private record File(Integer pages, Long bytes) {}

    @JsonPropertyOrder({"name", "caption", "data"})
    private record Caption(
            String name,
            @JsonInclude(JsonInclude.Include.NON_NULL) String caption,
            @JsonInclude(JsonInclude.Include.NON_NULL) JsonNode data,
            String model,
            @JsonProperty("finish_reason") String finishReason,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double confidence,

            @JsonProperty("field_confidence") @JsonInclude(JsonInclude.Include.NON_NULL)
            Map<?, ?> fieldConfidence,

            Picture picture,
            PageEntry.Usage usage,
            PageEntry.Times times,
            @JsonProperty("described_at") String describedAt) {}

    private record Document(
            String name,
            List<ObjectNode> pages,

            @JsonProperty("failed_pages") @JsonInclude(JsonInclude.Include.NON_EMPTY)
            int[] failedPages,

            String model,
            @JsonProperty("finish_reason") String finishReason,
            File document,
            PageEntry.Usage usage,
            PageEntry.Times times,
            @JsonProperty("described_at") String describedAt) {}

    /**
     * The JSON of a caption, or that of a document with an entry for each page. A caption is {@code data} instead where it was asked for as JSON and is whole; counts are named as in OpenAI's format, sizes are in pixels and bytes, times in milliseconds.
     *
     * @param message what {@code vlm:describe} made of the message of a file
     */
    public String write(Message message) throws JsonProcessingException {
        return INDENTED.writeValueAsString(told(message));
    }

    /** The same JSON on one line. */
    public String writeLine(Message message) throws JsonProcessingException {
        return ON_ONE_LINE.writeValueAsString(told(message));
    }

    private static Object told(Message message) {
        PageReport report = PageReport.of(message);
        return report == null ? caption(message) : document(report, message);
    }

    private static Document document(PageReport report, Message message) {
        return new Document(
                message.getHeader(Exchange.FILE_NAME, String.class),
                report.pages(),
                report.failedPages(),
                message.getHeader(VlmConstants.RESPONSE_MODEL, String.class),
                report.finishReason(),
                new File(report.pages().size(), message.getHeader(Exchange.FILE_LENGTH, Long.class)),
                usage(message),
                new PageEntry.Times(null, message.getHeader(VlmConstants.TOTAL_MILLIS, Long.class)),
                now());
    }

    private static Caption caption(Message message) {
        String caption = message.getBody(String.class);
        JsonNode data = message.getHeader(VlmConstants.JSON_SCHEMA) == null ? null : PageEntry.data(caption);
        return new Caption(
                message.getHeader(Exchange.FILE_NAME, String.class),
                data == null ? caption : null,
                data,
                message.getHeader(VlmConstants.RESPONSE_MODEL, String.class),
                message.getHeader(VlmConstants.FINISH_REASON, String.class),
                message.getHeader(VlmConstants.CONFIDENCE, Double.class),
                data == null ? null : message.getHeader(VlmConstants.FIELD_CONFIDENCE, Map.class),
                new Picture(
                        message.getHeader(VlmConstants.IMAGE_WIDTH, Integer.class),
                        message.getHeader(VlmConstants.IMAGE_HEIGHT, Integer.class),
                        message.getHeader(Exchange.FILE_LENGTH, Long.class)),
                usage(message),
                new PageEntry.Times(
                        message.getHeader(VlmConstants.TIME_TO_FIRST_TOKEN_MILLIS, Long.class),
                        message.getHeader(VlmConstants.TOTAL_MILLIS, Long.class)),
                now());
    }

    private static PageEntry.Usage usage(Message message) {
        return new PageEntry.Usage(
                message.getHeader(VlmConstants.PROMPT_TOKENS, Integer.class),
                message.getHeader(VlmConstants.COMPLETION_TOKENS, Integer.class),
                message.getHeader(VlmConstants.TOTAL_TOKENS, Integer.class));
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
