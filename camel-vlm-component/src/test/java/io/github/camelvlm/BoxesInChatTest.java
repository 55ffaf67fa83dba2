package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.openai.ChatCompletionChunk;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

class BoxesInChatTest extends VlmTestSupport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHAT = "vlm:chat?" + MODEL;
    private static final Drawing DRAWING = Drawing.of("red circle", 224, 112, 0.3, 0.5, 0.35);

    private static ObjectNode request(int pictures) {
        ObjectNode request = JSON.createObjectNode().put("temperature", 0).put("boxes", true);
        ArrayNode content =
                request.putArray("messages").addObject().put("role", "user").putArray("content");
        for (int i = 0; i < pictures; i++) {
            content.addObject()
                    .put("type", "image_url")
                    .putObject("image_url")
                    .put("url", "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(DRAWING.turnedJpeg()));
        }
        content.addObject().put("type", "text").put("text", "Detect the red circle.");
        return request;
    }

    private Object chat(ObjectNode request) throws Exception {
        return send(CHAT, exchange -> exchange.getMessage().setBody(request.toString()))
                .getMessage()
                .getBody();
    }

    private JsonNode choice(ObjectNode request) throws Exception {
        return JSON.valueToTree(chat(request)).at("/choices/0");
    }

    private static void requireTheCircle(JsonNode boxes) {
        assertThat(boxes).hasSize(1);
        assertThat(boxes.at("/0/label").asText()).isEqualTo("red circle");
        List<Integer> box = new ArrayList<>();
        boxes.at("/0/box").forEach(edge -> box.add(edge.asInt()));
        assertThat(Drawing.overlap(box, DRAWING.box())).isGreaterThan(0.5);
    }

    @Test
    void tellsBoxesBesideTheTextInPixelsOfThePicture() throws Exception {
        JsonNode choice = choice(request(1));

        requireTheCircle(choice.get("boxes"));
        assertThat(choice.at("/message/content").asText()).startsWith("red circle(");
        assertThat(choice(request(1).put("skip_special_tokens", false)).get("boxes"))
                .isEqualTo(choice.get("boxes"));
    }

    @Test
    void tellsBoxesInTheLastChunkOfAChoice() throws Exception {
        List<JsonNode> choices = new ArrayList<>();
        context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:streamed")
                        .to(CHAT)
                        .split(body())
                        .streaming()
                        .process(exchange -> exchange.getMessage()
                                .getBody(ChatCompletionChunk.class)
                                .choices()
                                .forEach(choice -> choices.add(JSON.valueToTree(choice))));
            }
        });

        send(
                "direct:streamed",
                exchange -> exchange.getMessage()
                        .setBody(request(1).put("stream", true).toString()));

        JsonNode last = choices.remove(choices.size() - 1);
        requireTheCircle(last.get("boxes"));
        assertThat(last.get("finish_reason").asText()).isEqualTo("stop");
        assertThat(choices).noneMatch(choice -> choice.has("boxes"));
    }

    @Test
    void leavesBoxesOutWhereTheyAreNotAskedForAndTellsNoneOfAnAnswerOfWords() throws Exception {
        assertThat(choice(request(1).put("boxes", false)).has("boxes")).isFalse();
        ObjectNode words = request(1);
        ((ObjectNode) words.at("/messages/0/content/1")).put("text", "What do you see?");

        assertThat(choice(words).get("boxes")).isEmpty();
    }

    @Test
    void refusesBoxesOfNoneOrSeveralPictures() {
        assertThatThrownBy(() -> chat(request(2)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("boxes need one picture in the messages, which they are of, but there are 2");
        assertThatThrownBy(() -> chat(request(0)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("but there are 0");
    }
}
