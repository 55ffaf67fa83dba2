package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.InvalidRequestException;

/**
 * What a stream tells besides the answer.
 *
 * @param includeUsage whether a last chunk tells the usage; null for no
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record StreamOptions(Boolean includeUsage) {
    /**
     * Reads the field {@code stream_options}; null where it is absent.
     *
     * @throws InvalidRequestException if it is something else
     */
    public static StreamOptions read(JsonValue options) {
        return options.isAbsent()
                ? null
                : new StreamOptions(options.requireObject().get("include_usage").bool());
    }
}
