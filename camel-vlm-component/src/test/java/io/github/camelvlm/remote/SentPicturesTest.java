package io.github.camelvlm.remote;

import static io.github.camelvlm.remote.ScriptedServer.saying;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TextPart;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SentPicturesTest extends RemoteTestSupport {
    /** Around the ends of what is encoded at once, and of the groups of base64. */
    private static final List<Integer> SIZES = List.of(0, 1, 2, 3, 4, 24_575, 24_576, 24_577, 100_000);

    @Test
    void sendsEveryPictureWhereItStands() throws Exception {
        ScriptedServer server = server(saying("Hi"));
        List<Part> parts = new ArrayList<>();
        Random random = new Random(1);
        for (int size : SIZES) {
            byte[] picture = new byte[size];
            random.nextBytes(picture);
            parts.add(new ImagePart(new EncodedImage("p", picture)));
            parts.add(new TextPart("after " + size + " bytes, \"é\""));
        }

        engine(server)
                .generate(new ChatRequest(List.of(new Message(Role.USER, parts)), SamplingOptions.NONE, LIMIT))
                .await();

        JsonNode sent = new ObjectMapper().readTree(server.requests().get(0)).at("/messages/0/content");
        assertThat(sent).hasSize(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof ImagePart picture) {
                assertThat(sent.get(i).at("/image_url/url").asText())
                        .isEqualTo("data:image/png;base64,"
                                + Base64.getEncoder()
                                        .encodeToString(picture.image().bytes()));
            } else {
                assertThat(sent.get(i).get("text").asText()).isEqualTo(((TextPart) parts.get(i)).text());
            }
        }
    }

    @Test
    void knowsHowLongTheBodyIs() {
        SentPictures pictures = new SentPictures();
        String json = "[\"" + pictures.add(new EncodedImage("a", new byte[4])) + "\",\""
                + pictures.add(new EncodedImage("b", new byte[6])) + "\"]";

        assertThat(pictures.in(json.getBytes(StandardCharsets.UTF_8)).getContentLength())
                .isEqualTo("[\"AAAAAA==\",\"AAAAAAAA\"]".length());
    }
}
