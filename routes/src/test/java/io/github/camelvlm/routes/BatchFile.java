package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Requests in OpenAI's batch format about golden pictures, and their answers. */
public final class BatchFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PICTURES = Goldens.descriptions().keySet().stream()
            .filter(name -> name.endsWith(".png"))
            .toList();

    private BatchFile() {}

    /** A number of requests, {@code request-0}, {@code request-1} …, a line each. */
    public static String requests(int count) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int number = 0; number < count; number++) {
            lines.append(request("request-" + number, picture(number))).append('\n');
        }
        return lines.toString();
    }

    /** One request that asks for the description of a golden picture. */
    public static String request(String id, String picture) throws IOException {
        String data = Base64.getEncoder().encodeToString(Files.readAllBytes(Goldens.picture(picture)));
        return JSON.writeValueAsString(Map.of(
                "custom_id",
                id,
                "method",
                "POST",
                "url",
                "/v1/chat/completions",
                "body",
                Map.of(
                        "temperature",
                        0,
                        "messages",
                        List.of(Map.of(
                                "role",
                                "user",
                                "content",
                                List.of(
                                        Map.of(
                                                "type",
                                                "image_url",
                                                "image_url",
                                                Map.of("url", "data:image/png;base64," + data)),
                                        Map.of("type", "text", "text", "Describe this image.")))))));
    }

    public static String picture(int number) {
        return PICTURES.get(number % PICTURES.size());
    }

    /** Asserts that each of so many requests is answered once, rightly, in their order. */
    public static void assertAnswers(String output, int count) throws IOException {
        List<JsonNode> answers = lines(output);
        assertThat(answers).hasSize(count);
        for (int number = 0; number < count; number++) {
            JsonNode answer = answers.get(number);
            assertThat(answer.get("custom_id").asText()).isEqualTo("request-" + number);
            assertThat(answer.at("/response/status_code").asInt())
                    .as(answer.toString())
                    .isEqualTo(200);
            assertThat(answer.at("/response/body/choices/0/message/content").asText())
                    .isEqualTo(Goldens.caption(picture(number)));
            assertThat(answer.get("error").isNull()).isTrue();
        }
        assertThat(answers).extracting(answer -> answer.get("id").asText()).doesNotHaveDuplicates();
    }

    /** The lines of an output, which must all be whole. */
    public static List<JsonNode> lines(String output) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : output.lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    /** How many whole lines a file has; 0 if it is not there. */
    public static long length(Path file) throws IOException {
        return Files.exists(file)
                ? Files.readString(file, StandardCharsets.UTF_8)
                        .chars()
                        .filter(one -> one == '\n')
                        .count()
                : 0;
    }
}
