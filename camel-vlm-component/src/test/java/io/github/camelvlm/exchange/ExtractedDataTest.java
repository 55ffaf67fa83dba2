package io.github.camelvlm.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Timings;
import io.github.camelvlm.chat.UnusableAnswerException;
import io.github.camelvlm.chat.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class ExtractedDataTest {
    private static final AnswerFormat.Json JSON = new AnswerFormat.Json("jsonSchema", "{}");
    private static final AnswerForm FREE = new AnswerForm(JSON, null);
    private static final AnswerForm SHAPE = new AnswerForm(JSON, Shape.class);

    private final CamelContext context = new DefaultCamelContext();

    record Shape(String color, int cornerCount) {}

    private static Completion answer(String text, FinishReason reason) {
        return new Completion(
                "m",
                text,
                List.of(),
                List.of(),
                List.of(),
                reason,
                new Usage(1, 1, 0),
                new Timings(Duration.ZERO, List.of(), Duration.ZERO),
                List.of());
    }

    private Object data(String text, AnswerForm form) {
        return new ExtractedData(context).of(answer(text, FinishReason.STOP), form, 60);
    }

    @Test
    void makesMapsAndListsOfJson() {
        assertThat(data("{\"b\": 1, \"a\": [true, null]}", FREE))
                .isInstanceOf(Map.class)
                .asString()
                .isEqualTo("{b=1, a=[true, null]}");
        assertThat(data("[1]", FREE)).isEqualTo(List.of(1));
    }

    @Test
    void makesAnInstanceOfTheClass() {
        assertThat(data("{\"color\": \"red\", \"cornerCount\": 3}", SHAPE)).isEqualTo(new Shape("red", 3));
    }

    @Test
    void asksTheOneMapperOfTheRegistry() {
        ObjectMapper own = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        context.getRegistry().bind("json", own);

        assertThat(data("{\"color\": \"red\", \"corner_count\": 3}", SHAPE)).isEqualTo(new Shape("red", 3));

        context.getRegistry().bind("other", new ObjectMapper());
        assertThat(data("{\"color\": \"red\", \"cornerCount\": 3}", SHAPE)).isEqualTo(new Shape("red", 3));
    }

    @Test
    void makesNothingOfHalfAnAnswer() {
        ExtractedData data = new ExtractedData(context);

        assertThatThrownBy(() -> data.of(answer("{\"a\": 1", FinishReason.LENGTH), FREE, 60))
                .isInstanceOf(UnusableAnswerException.class)
                .hasMessageStartingWith("The answer was cut before its JSON was whole, by maxTokens, which is 60, or");
        assertThatThrownBy(() -> data.of(answer("{}", FinishReason.TIME_LIMIT), FREE, null))
                .hasMessageStartingWith("The answer was cut before its JSON was whole, by timeLimit: raise it");
        assertThatThrownBy(() -> data.of(answer("{}", FinishReason.CANCELLED), FREE, null))
                .hasMessage("The answer ended before its JSON was whole: cancelled");
    }

    @Test
    void saysThatAnAnswerIsNotWhatTheFormSays() {
        assertThatThrownBy(() -> data("A red circle.", FREE))
                .isInstanceOf(UnusableAnswerException.class)
                .hasMessageStartingWith("The answer is no JSON, but \"A red circle.\": the server that gave it");
        assertThatThrownBy(() -> data("{\"color\": 1, \"corners\": {}}", SHAPE))
                .isInstanceOf(UnusableAnswerException.class)
                .hasMessageStartingWith("The answer cannot be made an instance of " + Shape.class.getName() + ": ");
    }
}
