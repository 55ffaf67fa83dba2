package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.RepetitionBounds;

/**
 * How often an answer may repeat itself before it is ended, as vLLM has it.
 *
 * @param maxPatternSize the most tokens of a passage that is looked for; 0 or null to look for none
 * @param minPatternSize the fewest tokens of such a passage; 0 or null for one
 * @param minCount how often the passage must be there
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RepetitionDetection(Integer maxPatternSize, Integer minPatternSize, Integer minCount) {
    static final String FIELD = "repetition_detection";

    /** What is absent is null. */
    public static RepetitionDetection read(JsonValue request) {
        JsonValue detection = request.get(FIELD);
        if (detection.isAbsent()) {
            return null;
        }
        detection.requireObject();
        if (!detection.get("min_count").isAbsent()) {
            detection.get("max_pattern_size").requireInteger();
        }
        return new RepetitionDetection(
                detection.get("max_pattern_size").integer(),
                detection.get("min_pattern_size").integer(),
                detection.get("min_count").integer());
    }

    /** The same in vLLM's words, which has no fewest tokens of all together: of so many the passages then are longer. */
    static RepetitionDetection of(RepetitionBounds bounds) {
        if (bounds == null) {
            return null;
        }
        if (bounds.isOff()) {
            return new RepetitionDetection(0, null, null);
        }
        int shortest = (bounds.minTokens() + bounds.minCount() - 1) / bounds.minCount();
        int least = Math.max(bounds.minPatternSize(), shortest);
        return new RepetitionDetection(Math.max(bounds.maxPatternSize(), least), least, bounds.minCount());
    }

    /** @throws InvalidRequestException if a value is out of its range */
    @JsonIgnore
    RepetitionBounds bounds() {
        try {
            return new RepetitionBounds(or(maxPatternSize), or(minPatternSize), or(minCount), 0);
        } catch (InvalidRequestException e) {
            throw e.within(FIELD);
        }
    }

    private static int or(Integer value) {
        return value == null ? 0 : value;
    }
}
