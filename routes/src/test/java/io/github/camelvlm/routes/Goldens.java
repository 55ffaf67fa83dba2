package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** What transformers says of the pictures that the model shapes-vl knows. */
public final class Goldens {
    public static final Path MODEL =
            Path.of("../samples/models/shapes-vl").toAbsolutePath().normalize();
    private static final Path FOLDER = Path.of("../camel-vlm-component/src/test/resources/goldens")
            .toAbsolutePath()
            .normalize();
    private static final JsonNode ALL = read();
    private static final Map<String, JsonNode> CASES = describing();

    private Goldens() {}

    /** All cases of the model shapes-vl. */
    public static List<JsonNode> all() {
        return StreamSupport.stream(ALL.spliterator(), false).toList();
    }

    /** Asserts that a request of {@link Conversations#request} was answered as transformers does. */
    public static void assertIsAnswer(RunningService.Reply reply, JsonNode golden) throws IOException {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonNode choice = reply.json().at("/choices/0");
        assertThat(choice.at("/message/content").asText())
                .isEqualTo(golden.get("text").asText());
        assertThat(choice.get("finish_reason").asText())
                .isEqualTo(golden.get("finish_reason").asText());
        assertThat(reply.json().at("/usage/prompt_tokens").asInt())
                .isEqualTo(golden.get("prompt_token_ids").size());
        assertThat(reply.json().at("/usage/completion_tokens").asInt())
                .isEqualTo(golden.get("generated_token_ids").size());
        JsonNode logprobs = choice.at("/logprobs/content");
        assertThat(logprobs).hasSize(golden.get("logprobs").size());
        for (int i = 0; i < logprobs.size(); i++) {
            assertThat(logprobs.get(i).get("logprob").asDouble())
                    .isEqualTo(golden.get("logprobs").get(i).get("logprob").asDouble(), within(2e-3));
        }
    }

    /** The cases "describe NAME", by the name of the picture. */
    public static Map<String, JsonNode> descriptions() {
        return CASES;
    }

    public static String caption(String picture) {
        return CASES.get(picture).get("text").asText();
    }

    /** The answer of a case that asks something else, such as "read". */
    public static String answer(String name) {
        for (JsonNode golden : all()) {
            if (golden.get("name").asText().equals(name)) {
                return golden.get("text").asText();
            }
        }
        throw new IllegalArgumentException("There is no golden " + name);
    }

    public static Path picture(String name) {
        return FOLDER.resolve("images").resolve(name);
    }

    /** A HEIC or AVIF picture, which transformers has not seen. */
    public static Path still(String name) {
        return FOLDER.resolveSibling("media").resolve("stills").resolve(name);
    }

    private static JsonNode read() {
        try {
            return new ObjectMapper().readTree(FOLDER.resolve("shapes-vl.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, JsonNode> describing() {
        Map<String, JsonNode> descriptions = new LinkedHashMap<>();
        all().stream()
                .filter(golden -> golden.get("name").asText().matches("describe \\S+"))
                .filter(golden -> golden.get("smallest_margin").asDouble() > 0.1)
                .forEach(golden ->
                        descriptions.put(golden.get("name").asText().substring("describe ".length()), golden));
        return descriptions;
    }
}
