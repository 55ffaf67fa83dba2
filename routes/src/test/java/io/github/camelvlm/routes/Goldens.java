package io.github.camelvlm.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;

/** What transformers says of the pictures that the model shapes-vl knows. */
final class Goldens {
    static final Path MODEL =
            Path.of("../samples/models/shapes-vl").toAbsolutePath().normalize();
    private static final Path FOLDER = Path.of("../camel-vlm-component/src/test/resources/goldens")
            .toAbsolutePath()
            .normalize();
    private static final Map<String, JsonNode> CASES = read();

    private Goldens() {}

    /** The cases "describe NAME", by the name of the picture. */
    static Map<String, JsonNode> descriptions() {
        return CASES;
    }

    static String caption(String picture) {
        return CASES.get(picture).get("text").asText();
    }

    static Path picture(String name) {
        return FOLDER.resolve("images").resolve(name);
    }

    private static Map<String, JsonNode> read() {
        try {
            JsonNode cases =
                    new ObjectMapper().readTree(FOLDER.resolve("shapes-vl.json").toFile());
            Map<String, JsonNode> descriptions = new LinkedHashMap<>();
            StreamSupport.stream(cases.spliterator(), false)
                    .filter(golden -> golden.get("name").asText().matches("describe \\S+"))
                    .filter(golden -> golden.get("smallest_margin").asDouble() > 0.1)
                    .forEach(golden ->
                            descriptions.put(golden.get("name").asText().substring("describe ".length()), golden));
            return descriptions;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
