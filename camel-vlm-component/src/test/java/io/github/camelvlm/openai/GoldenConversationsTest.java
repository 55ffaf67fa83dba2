package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.TextPart;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The conversations of the goldens are requests of OpenAI's format. */
class GoldenConversationsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shapes-vl.json",
                "random-vl.json",
                "shapes-tools.json",
                "spec-shapes.json",
                "spec-random.json",
                "spec-tools.json"
            })
    void mapsEveryConversation(String file) throws IOException {
        JsonNode cases = MAPPER.readTree(resource(file));
        assertThat(cases).isNotEmpty();

        for (JsonNode golden : cases) {
            String body = ((ObjectNode) golden.deepCopy())
                    .retain("messages", "max_tokens")
                    .toString();

            ChatRequest request = ChatRequestMapper.toChatRequest(ChatCompletionReader.read(body), url -> picture(url));

            String name = golden.path("name").asText();
            assertThat(request.sampling().maxTokens())
                    .as(name)
                    .isEqualTo(golden.path("max_tokens").intValue());
            assertThat(roles(request)).as(name).isEqualTo(golden.findValuesAsText("role"));
            assertThat(pictures(request)).as(name).isEqualTo(golden.findValuesAsText("url"));
            if (golden.has("prompt")) {
                assertThat(texts(request))
                        .as(name)
                        .allMatch(golden.path("prompt").asText()::contains);
            }
        }
    }

    private static List<String> roles(ChatRequest request) {
        return request.messages().stream()
                .map(message -> message.role().wireName())
                .toList();
    }

    private static List<String> pictures(ChatRequest request) {
        return partsOf(request, ImagePart.class).stream()
                .map(part -> part.image().name())
                .toList();
    }

    private static List<String> texts(ChatRequest request) {
        return partsOf(request, TextPart.class).stream().map(TextPart::text).toList();
    }

    private static <T> List<T> partsOf(ChatRequest request, Class<T> kind) {
        return request.messages().stream()
                .map(Message::parts)
                .flatMap(List::stream)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static EncodedImage picture(String name) {
        return new EncodedImage(name, resource("images/" + name));
    }

    private static byte[] resource(String name) {
        try (InputStream in = GoldenConversationsTest.class.getResourceAsStream("/goldens/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
