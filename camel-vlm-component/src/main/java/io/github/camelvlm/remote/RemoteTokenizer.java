package io.github.camelvlm.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.VlmTokenizer;
import io.github.camelvlm.openai.ChatRequestWriter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Asks the servers to write text as tokens and back, by the requests that vLLM has for it. */
final class RemoteTokenizer implements VlmTokenizer {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** More than any vocabulary of Qwen-VL has. */
    private static final int MOST_ENTRIES = 200_000;

    private final RemoteEngine engine;
    /** How the vocabulary writes the tokens that servers have told of. */
    private final Map<Integer, String> entries = new ConcurrentHashMap<>();

    RemoteTokenizer(RemoteEngine engine) {
        this.engine = engine;
    }

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        return encode(
                JSON.createObjectNode()
                        .put("model", engine.model())
                        .put("prompt", text)
                        .put("add_special_tokens", addSpecialTokens),
                new SentPictures());
    }

    @Override
    public int[] encode(ChatRequest request) {
        SentPictures pictures = new SentPictures();
        ObjectNode body = JSON.valueToTree(
                ChatRequestWriter.write(request, engine.model(), pictures::add).build());
        return encode(body, pictures);
    }

    private int[] encode(ObjectNode body, SentPictures pictures) {
        body.put("return_token_strs", true);
        return engine.ask(server -> {
            JsonNode answer = server.post("tokenize", body, pictures);
            int[] ids = ids(server, answer.path("tokens"));
            JsonNode texts = answer.path("token_strs");
            for (int i = 0; i < ids.length && texts.size() == ids.length && entries.size() < MOST_ENTRIES; i++) {
                entries.put(ids[i], texts.get(i).asText());
            }
            return ids;
        });
    }

    private static int[] ids(RemoteServer server, JsonNode tokens) throws ServerFailure {
        if (!tokens.isArray()) {
            throw server.errors().faulty("answers without tokens", null);
        }
        int[] ids = new int[tokens.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = tokens.get(i).asInt();
        }
        return ids;
    }

    @Override
    public String decode(int[] ids) {
        ObjectNode body = JSON.createObjectNode().put("model", engine.model());
        ArrayNode tokens = body.putArray("tokens");
        for (int id : ids) {
            tokens.add(id);
        }
        return engine.ask(server -> {
            JsonNode prompt =
                    server.post("detokenize", body, new SentPictures()).path("prompt");
            if (!prompt.isTextual()) {
                throw server.errors().faulty("answers without a text", null);
            }
            return prompt.textValue();
        });
    }

    @Override
    public String entry(int id) {
        String entry = entries.get(id);
        return entry != null ? entry : decode(new int[] {id});
    }
}
