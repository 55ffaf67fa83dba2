package io.github.camelvlm.routes.queue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.github.camelvlm.VlmConstants;
import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.chat.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the text of a message asks: the fields have the names of OpenAI's API where it has the thing.
 *
 * @param url where the picture is: {@code http:}, {@code https:}, {@code data:} or {@code s3://BUCKET/KEY}; or null
 * @param key the key of the picture in the bucket {@code s3.bucket}; or null
 * @param prompt the question, or null for the application's
 * @param system the system message, or null for the model's
 * @param maxTokens the most tokens of the caption, or null for the application's; the rest likewise
 */
record QueuedPicture(
        String url,
        String key,
        String prompt,
        String system,
        @JsonProperty("max_tokens") Integer maxTokens,
        Double temperature,
        @JsonProperty("top_p") Double topP,
        @JsonProperty("top_k") Integer topK,
        Long seed,
        List<String> stop) {

    private static final ObjectReader READER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            .readerFor(QueuedPicture.class);

    /**
     * Reads a text.
     *
     * @param text JSON with the fields of this record, a URL, or a key
     * @throws InvalidRequestException if it is JSON, but not of this kind, or names no picture or two
     */
    static QueuedPicture parse(String text) {
        String plain = text.strip();
        if (plain.startsWith("{")) {
            QueuedPicture picture = json(plain);
            if ((picture.url == null) == (picture.key == null)) {
                throw new InvalidRequestException("url", "or key must name the picture, one of the two");
            }
            return picture;
        }
        boolean isUrl = plain.matches("(?is)[a-z][a-z0-9+.-]*:.*");
        return of(isUrl ? plain : null, isUrl ? null : plain);
    }

    private static QueuedPicture of(String url, String key) {
        return new QueuedPicture(url, key, null, null, null, null, null, null, null, null);
    }

    private static QueuedPicture json(String text) {
        try {
            return READER.readValue(text);
        } catch (UnrecognizedPropertyException e) {
            throw new InvalidRequestException(
                    "message",
                    "has the field \"" + Echo.of(e.getPropertyName()) + "\", which is not known here: known are "
                            + e.getKnownPropertyIds());
        } catch (JsonMappingException e) {
            // The library's own words name classes, which senders do not know.
            throw new InvalidRequestException("message", "is not the JSON expected here: " + place(e));
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(
                    "message",
                    "is not valid JSON at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr());
        }
    }

    private static String place(JsonMappingException e) {
        return e.getPath().isEmpty()
                ? "it must be one object and nothing more"
                : "the field \"" + e.getPath().get(0).getFieldName() + "\" is of another type than it must be";
    }

    /** The headers of {@code vlm:describe} for what is asked. */
    Map<String, Object> headers() {
        Map<String, Object> headers = new LinkedHashMap<>();
        headers.put(VlmConstants.PROMPT, prompt);
        headers.put(VlmConstants.SYSTEM_MESSAGE, system);
        headers.put(VlmConstants.MAX_TOKENS, maxTokens);
        headers.put(VlmConstants.TEMPERATURE, temperature);
        headers.put(VlmConstants.TOP_P, topP);
        headers.put(VlmConstants.TOP_K, topK);
        headers.put(VlmConstants.SEED, seed);
        headers.put(VlmConstants.STOP, stop);
        headers.values().removeIf(Objects::isNull);
        return headers;
    }
}
