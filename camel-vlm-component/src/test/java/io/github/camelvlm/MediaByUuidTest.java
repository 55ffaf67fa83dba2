package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.goldens.GoldenCase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** Pictures and videos that are sent once and named afterwards, as vLLM's clients do. */
class MediaByUuidTest extends VlmTestSupport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FILM = Path.of("../samples/videos/circle-then-square.mp4");

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:first").to("vlm:chat?" + MODEL);
                from("direct:second").to("vlm:chat?maxTokens=60&" + MODEL);
                from("direct:other")
                        .setProperty(VlmConstants.OWNER, constant("other"))
                        .to("vlm:chat?" + MODEL);
                from("direct:tokens").to("vlm:tokenize?" + MODEL);
            }
        };
    }

    private static String picture() {
        return "data:image/png;base64,"
                + Base64.getEncoder()
                        .encodeToString(GoldenCase.picture(ONE_SHAPE).bytes());
    }

    private static ObjectNode request(String type, String url, String uuid) {
        ObjectNode request = JSON.createObjectNode();
        request.put("model", "shapes-vl").put("temperature", 0).put("max_tokens", 60);
        ArrayNode content =
                request.putArray("messages").addObject().put("role", "user").putArray("content");
        ObjectNode part = content.addObject().put("type", type).put("uuid", uuid);
        if (url == null) {
            part.putNull(type);
        } else {
            part.putObject(type).put("url", url);
        }
        content.addObject().put("type", "text").put("text", "Describe this image.");
        return request;
    }

    private String answer(String route, ObjectNode request) throws Exception {
        String json = send(route, exchange -> exchange.getMessage().setBody(request.toString()))
                .getMessage()
                .getBody(String.class);
        return JSON.readTree(json).at("/choices/0/message/content").asText();
    }

    @Test
    void showsAPictureAgainToAnotherEndpoint() throws Exception {
        assertThat(answer("direct:first", request("image_url", picture(), "a"))).isEqualTo(ONE_SHAPE_CAPTION);

        assertThat(answer("direct:second", request("image_url", null, "a"))).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void showsAPictureAgainAsQwensExamplesWriteIt() throws Exception {
        ObjectNode sent = request("image", picture(), "qwen");
        ((ObjectNode) sent.at("/messages/0/content/0")).put("image", picture());
        assertThat(answer("direct:first", sent)).isEqualTo(ONE_SHAPE_CAPTION);

        assertThat(answer("direct:first", request("image", null, "qwen"))).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void showsAVideoAgain() throws Exception {
        String film = "data:video/mp4;base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(FILM));
        String first = answer("direct:first", request("video_url", film, "film"));

        assertThat(answer("direct:first", request("video_url", null, "film")))
                .isNotEmpty()
                .isEqualTo(first);
    }

    @Test
    void showsListedFramesAgainAtTheirRateOrAnother() throws Exception {
        ObjectNode sent = request("video", null, "listed");
        ObjectNode part = (ObjectNode) sent.at("/messages/0/content/0");
        part.putArray("video").add(picture()).add(picture());
        String first = answer("direct:first", sent);
        assertThat(first).isNotEmpty();

        assertThat(answer("direct:first", request("video", null, "listed"))).isEqualTo(first);
        assertThat(answer("direct:first", request("video_url", null, "listed"))).isEqualTo(first);
        ObjectNode slower = request("video", null, "listed");
        ((ObjectNode) slower.at("/messages/0/content/0")).put("fps", -1);
        assertThatThrownBy(() -> answer("direct:first", slower)).hasMessageContaining("fps must be a number above 0");
    }

    @Test
    void countsTheTokensOfAPictureThatWasSentBefore() throws Exception {
        answer("direct:first", request("image_url", picture(), "counted"));

        String json = send(
                        "direct:tokens",
                        exchange -> exchange.getMessage()
                                .setBody(request("image_url", null, "counted").toString()))
                .getMessage()
                .getBody(String.class);

        assertThat(JSON.readTree(json).get("count").asInt()).isGreaterThan(10);
    }

    @Test
    void takesAPictureThatComesAgainInThePlaceOfTheOneBefore() throws Exception {
        ObjectNode other = request(
                "image_url",
                "data:image/png;base64,"
                        + Base64.getEncoder()
                                .encodeToString(
                                        Files.readAllBytes(Path.of("../samples/pictures/triangle-and-hexagon.png"))),
                "again");
        answer("direct:first", request("image_url", picture(), "again"));
        String caption = answer("direct:first", other);

        assertThat(answer("direct:first", request("image_url", null, "again")))
                .isEqualTo(caption)
                .isNotEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void namesAUuidThatItDoesNotKnow() throws Exception {
        answer("direct:first", request("image_url", picture(), "mine"));

        for (String route : new String[] {"direct:first", "direct:other"}) {
            String uuid = route.equals("direct:first") ? "unknown" : "mine";
            assertThatThrownBy(() -> answer(route, request("image_url", null, uuid)))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("messages[0].content[0].uuid \"" + uuid + "\" is not known");
        }
    }

    @Test
    void stillWantsAnAddressOfAPictureWithoutAUuid() {
        ObjectNode request = request("image_url", null, null);

        assertThatThrownBy(() -> answer("direct:first", request))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("messages[0].content[0].image_url must be");
    }
}
