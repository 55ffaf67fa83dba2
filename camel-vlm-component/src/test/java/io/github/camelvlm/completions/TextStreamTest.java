package io.github.camelvlm.completions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.ChoiceLogprobs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextStreamTest {
    private final TextStream stream = new TextStream(choice -> "");

    private JsonNode piece(int choice, String text) throws Exception {
        ChoiceLogprobs.Token token = new ChoiceLogprobs.Token(text, List.of(), -1, List.of());
        String written = stream.piece(new ChatCompletionChunk(
                "chatcmpl-1",
                ChatCompletionChunk.OBJECT,
                0,
                "m",
                null,
                List.of(new ChatCompletionChunk.Choice(
                        choice,
                        new ChatCompletionChunk.Delta(null, text, null),
                        new ChoiceLogprobs(List.of(token), null),
                        null,
                        null,
                        null)),
                null));
        return new ObjectMapper().readTree(written.substring("data: ".length())).at("/choices/0");
    }

    @Test
    void tellsWhereEachTokenStandsInTheTextOfItsChoice() throws Exception {
        assertThat(piece(0, "Well").at("/logprobs/text_offset/0").asInt()).isZero();
        assertThat(piece(1, "Hm").at("/logprobs/text_offset/0").asInt()).isZero();
        assertThat(piece(0, ", yes").at("/logprobs/text_offset/0").asInt()).isEqualTo(4);
        assertThat(piece(1, ".").at("/logprobs/text_offset/0").asInt()).isEqualTo(2);
        assertThat(piece(0, ".").at("/logprobs/text_offset/0").asInt()).isEqualTo(9);
    }

    @Test
    void tellsOfEachTokenWhereItStandsAndTheLikeliestOfThoseWithOneText() {
        List<ChoiceLogprobs.Alternative> alike = List.of(
                new ChoiceLogprobs.Alternative("a", List.of(), -1), new ChoiceLogprobs.Alternative("a", List.of(), -5));
        ChoiceLogprobs two = new ChoiceLogprobs(
                List.of(
                        new ChoiceLogprobs.Token("We", List.of(), -1, alike),
                        new ChoiceLogprobs.Token("ll", List.of(), -1, List.of())),
                null);

        TextCompletion.Logprobs told = TextCompletion.Logprobs.of(two, 3);

        assertThat(told.textOffset()).containsExactly(3, 5);
        assertThat(told.topLogprobs().get(0)).isEqualTo(Map.of("a", -1.0));
    }
}
