package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pictures that clients send once, and name by vLLM's field afterwards. */
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

    private static RunningService.Reply send(String key, String uuid) throws Exception {
        return ask(key, uuid, Conversations.describe("one-shape.png", "Describe this image."));
    }

    private static RunningService.Reply name(String key, String uuid) throws Exception {
        ObjectNode request = Conversations.describe("one-shape.png", "Describe this image.");
        ((ObjectNode) request.at("/messages/0/content/0")).putNull("image_url");
        return ask(key, uuid, request);
    }

    private static RunningService.Reply ask(String key, String uuid, ObjectNode request) throws Exception {
        ((ObjectNode) request.at("/messages/0/content/0")).put("uuid", uuid);
        return service.send(
                service.post("/v1/chat/completions", request.toString()).header("Authorization", "Bearer " + key));
    }

    private static String caption(RunningService.Reply reply) throws Exception {
        return reply.json().at("/choices/0/message/content").asText();
    }

    @Test
    void areShownAgainToTheKeyAloneThatSentThem() throws Exception {
        assertThat(caption(send("first", "shape"))).isEqualTo(CAPTION);

        assertThat(caption(name("first", "shape"))).isEqualTo(CAPTION);
        RunningService.Reply toAnother = name("second", "shape");
        assertThat(toAnother.status()).isEqualTo(400);
        assertThat(toAnother.error().get("message").asText()).contains("\"shape\" is not known here");
    }

    @Test
    void areForgottenWhenThereIsNoRoomForThemAnyMore() throws Exception {
        assertThat(caption(send("second", "forgotten"))).isEqualTo(CAPTION);
        // Each name takes twice as many bytes as it has characters.
        send("second", "x".repeat(20_000));
        send("second", "y".repeat(20_000));

        RunningService.Reply reply = name("second", "forgotten");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().get("param").asText()).isEqualTo("messages[0].content[0].uuid");
        assertThat(reply.error().get("code").asText()).isEqualTo("unknown_uuid");
    }
}
