package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Objects;

/**
 * A part of type {@code image_url}.
 *
 * @param imageUrl where the picture is; null if an earlier request sent it with the same {@code uuid}
 * @param minPixels the fewest pixels that the model shall see, or null for the engine's limit
 * @param maxPixels the most pixels that the model shall see, or null for the engine's limit
 * @param uuid the client's name for the picture, by which later requests may show it; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ImageContent(ImageUrl imageUrl, Integer minPixels, Integer maxPixels, String uuid)
        implements ContentPart {
    static final String TYPE = "image_url";

    public ImageContent {
        if (uuid == null) {
            Objects.requireNonNull(imageUrl, "imageUrl");
        }
    }

    /** A picture without a name. */
    public ImageContent(ImageUrl imageUrl, Integer minPixels, Integer maxPixels) {
        this(imageUrl, minPixels, maxPixels, null);
    }

    @Override
    @JsonProperty(index = 0)
    public String type() {
        return TYPE;
    }

    /**
     * Where a picture is, and how closely to look at it.
     *
     * @param url an address or a {@code data:} URL, not null
     * @param detail {@code low}, {@code high}, {@code original}, {@code auto}, or null for {@code auto}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ImageUrl(String url, String detail) {
        public ImageUrl {
            Objects.requireNonNull(url, "url");
        }
    }
}
