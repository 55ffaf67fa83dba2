package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pictures that OpenAI's client sends once, and names by vLLM's field afterwards. */
class MediaByUuidTest {
    private static final String CAPTION = Goldens.caption("one-shape.png");

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of("api.key", "first,second", "api.media-kept-bytes", "50000"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String describe(String key, String url, String uuid) {
        Map<String, Object> picture = new HashMap<>();
        picture.put("type", "image_url");
        picture.put("image_url", url == null ? null : Map.of("url", url));
        picture.put("uuid", uuid);
        List<?> messages = List.of(Map.of(
                "role", "user", "content", List.of(picture, Map.of("type", "text", "text", "Describe this image."))));
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl("http://localhost:" + service.port() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .build();
        try {
            return client.chat()
                    .completions()
                    .create(ChatCompletionCreateParams.builder()
                            .model("shapes-vl")
                            .temperature(0)
                            .maxCompletionTokens(64)
                            .messages(JsonValue.from(messages))
                            .build())
                    .choices()
                    .get(0)
                    .message()
                    .content()
                    .orElseThrow();
        } finally {
            client.close();
        }
    }

    @Test
    void areShownAgainToTheKeyAloneThatSentThem() throws Exception {
        assertThat(describe("first", Conversations.dataUrl("one-shape.png"), "shape"))
                .isEqualTo(CAPTION);

        assertThat(describe("first", null, "shape")).isEqualTo(CAPTION);
        assertThatThrownBy(() -> describe("second", null, "shape"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("\"shape\" is not known here");
    }

    @Test
    void areForgottenWhenThereIsNoRoomForThemAnyMore() throws Exception {
        String url = Conversations.dataUrl("one-shape.png");
        describe("second", url, "forgotten");
        // Each name takes twice as many bytes as it has characters.
        describe("second", url, "x".repeat(20_000));
        describe("second", url, "y".repeat(20_000));

        assertThatThrownBy(() -> describe("second", null, "forgotten"))
                .isInstanceOfSatisfying(BadRequestException.class, e -> {
                    assertThat(e.param()).hasValue("messages[0].content[0].uuid");
                    assertThat(e.code()).hasValue("unknown_uuid");
                });
    }
}
