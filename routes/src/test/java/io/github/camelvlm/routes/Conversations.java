package io.github.camelvlm.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Base64;

/** Requests as clients send them, with their pictures inside. */
public final class Conversations {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Conversations() {}

    /** A golden case as a request: greedy, with log-probabilities. */
    public static ObjectNode request(JsonNode golden) throws IOException {
        ObjectNode request = JSON.createObjectNode();
        request.put("model", "shapes-vl");
        request.set("messages", golden.get("messages").deepCopy());
        request.put("max_tokens", golden.get("max_tokens").asInt());
        request.put("temperature", 0);
        request.put("logprobs", true);
        for (JsonNode url : request.findParents("url")) {
            ((ObjectNode) url).put("url", dataUrl(url.get("url").asText()));
        }
        return request;
    }

    /** A question about one picture. */
    public static ObjectNode describe(String picture, String question) throws IOException {
        ObjectNode request = JSON.createObjectNode();
        request.put("model", "shapes-vl").put("max_tokens", 64).put("temperature", 0);
        var content =
                request.putArray("messages").addObject().put("role", "user").putArray("content");
        content.addObject().put("type", "image_url").putObject("image_url").put("url", dataUrl(picture));
        content.addObject().put("type", "text").put("text", question);
        return request;
    }

    /** An answer that goes on for as many tokens as asked. */
    public static ObjectNode longAnswer(int tokens) throws IOException {
        ObjectNode request = describe("one-shape.png", "Describe this image.");
        request.put("max_tokens", tokens).put("temperature", 1.5).put("seed", 1);
        return request;
    }

    public static String dataUrl(String picture) throws IOException {
        return "data:image;base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(Goldens.picture(picture)));
    }
}
