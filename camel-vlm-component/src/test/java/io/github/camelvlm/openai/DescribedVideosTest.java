package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the description of the service tells of videos, against what is read. */
class DescribedVideosTest {
    private static final SnakeCaseStrategy SNAKE_CASE = (SnakeCaseStrategy) PropertyNamingStrategies.SNAKE_CASE;

    private static Set<String> fields(Class<? extends Record> type, String... others) {
        Set<String> fields = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .map(SNAKE_CASE::translate)
                .collect(Collectors.toSet());
        fields.addAll(Set.of(others));
        return fields;
    }

    private static Set<String> described(String pointer) throws IOException {
        try (InputStream file = VideoContent.class.getResourceAsStream("/io/github/camelvlm/http/openapi.json")) {
            JsonNode properties =
                    new ObjectMapper().readTree(file).at("/components/schemas").at(pointer + "/properties");
            Set<String> names = new HashSet<>();
            properties.fieldNames().forEachRemaining(names::add);
            return names;
        }
    }

    @Test
    void describesAllFieldsOfAVideo() throws IOException {
        assertThat(described("/VideoPart")).isEqualTo(fields(VideoContent.class, "type"));
    }

    @Test
    void describesAllLimitsOfVideosThatSetNone() throws IOException {
        assertThat(described("/ChatCompletionRequest/properties/mm_processor_kwargs"))
                .isEqualTo(fields(MmProcessorKwargs.class, "video_fps", "video_maxlen"));
    }
}
