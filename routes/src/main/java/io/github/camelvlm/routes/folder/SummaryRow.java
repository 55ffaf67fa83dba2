package io.github.camelvlm.routes.folder;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.camelvlm.VlmConstants;
import java.io.File;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * What the summary of a folder says of one picture, or one document.
 *
 * @param name its path below the inbox
 * @param caption what was said of it, or null if it could not be described
 * @param error why it could not be described, or which pages of it, or null
 * @param bytes the size of its file
 * @param modified when its file was last written to, in milliseconds since 1970
 * @param at when the row was written, as ISO 8601 has it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonPropertyOrder({
    "name",
    "caption",
    "error",
    "model",
    "finish_reason",
    "prompt_tokens",
    "completion_tokens",
    "total_ms",
    "bytes",
    "modified_ms",
    "at"
})
record SummaryRow(
        String name,
        String caption,
        String error,
        String model,
        @JsonProperty("finish_reason") String finishReason,
        @JsonProperty("prompt_tokens") Integer promptTokens,
        @JsonProperty("completion_tokens") Integer completionTokens,
        @JsonProperty("total_ms") Long totalMillis,
        long bytes,
        @JsonProperty("modified_ms") long modified,
        String at) {

    /** The row of a picture that was described, or of one that could not be; with both, of a document some pages of which could not. */
    static SummaryRow of(Message message, String caption, String error) {
        return new SummaryRow(
                message.getHeader(Exchange.FILE_NAME, String.class),
                caption,
                error,
                message.getHeader(VlmConstants.RESPONSE_MODEL, String.class),
                message.getHeader(VlmConstants.FINISH_REASON, String.class),
                message.getHeader(VlmConstants.PROMPT_TOKENS, Integer.class),
                message.getHeader(VlmConstants.COMPLETION_TOKENS, Integer.class),
                message.getHeader(VlmConstants.TOTAL_MILLIS, Long.class),
                message.getHeader(Exchange.FILE_LENGTH, 0L, Long.class),
                message.getHeader(Exchange.FILE_LAST_MODIFIED, 0L, Long.class),
                now());
    }

    /** The row of a file that could not even be taken. */
    static SummaryRow ofFailure(String name, String error, long bytes, long modified) {
        return new SummaryRow(name, null, error, null, null, null, null, null, bytes, modified, now());
    }

    /** The same with at most so many characters of a caption or an error. */
    SummaryRow shortened(int characters) {
        return new SummaryRow(
                name,
                cut(caption, characters),
                cut(error, characters),
                model,
                finishReason,
                promptTokens,
                completionTokens,
                totalMillis,
                bytes,
                modified,
                at);
    }

    private static String cut(String text, int characters) {
        if (text == null || text.length() <= characters) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(characters - 1)) ? characters - 1 : characters;
        return text.substring(0, end) + "…";
    }

    /** Whether there is a caption, if only of some pages. */
    boolean isDescribed() {
        return caption != null;
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** Whether its picture lies in a directory as it was, so that it is to be described again. */
    boolean isOfAPictureIn(Path directory) {
        File picture = new File(directory.toFile(), String.valueOf(name));
        return picture.isFile() && picture.length() == bytes && picture.lastModified() == modified;
    }
}
