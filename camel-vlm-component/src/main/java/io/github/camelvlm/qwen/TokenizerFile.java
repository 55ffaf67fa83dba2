package io.github.camelvlm.qwen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.ModelLoadException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The content of a {@code tokenizer.json} of byte-level BPE.
 *
 * @param jsonWithoutAddedTokens the file with an empty {@code added_tokens}: what is left never makes a special token
 *     out of text
 * @param addedTokens the tokens taken out
 * @param bytesById the bytes of each token by its id, those of added tokens included; empty for ids that no token has
 */
record TokenizerFile(byte[] jsonWithoutAddedTokens, List<AddedToken> addedTokens, byte[][] bytesById) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String ADDED_TOKENS = "added_tokens";

    /** Far above any vocabulary, and low enough that a wrong id in the file cannot ask for gigabytes. */
    private static final int HIGHEST_ID = (1 << 22) - 1;

    /** @throws ModelLoadException if the file is missing, cut off, or not of byte-level BPE */
    static TokenizerFile read(Path directory) {
        JsonFile file = JsonFile.read(directory, "tokenizer.json");
        try {
            return parse(file.path(), file.root());
        } catch (IOException e) {
            throw new ModelLoadException(file.path() + " cannot be written without its added tokens", e);
        }
    }

    private static TokenizerFile parse(Path file, JsonNode json) throws IOException {
        JsonNode vocabulary = json.path("model").path("vocab");
        if (!vocabulary.isObject()
                || !"ByteLevel".equals(json.path("decoder").path("type").asText())) {
            throw new ModelLoadException(
                    file + " is not a byte-level BPE tokenizer, which every Qwen2-VL has: use the model's own file");
        }
        List<AddedToken> addedTokens = new ArrayList<>();
        for (JsonNode token : json.path(ADDED_TOKENS)) {
            String content = token.path("content").asText();
            if (content.isEmpty()) {
                throw new ModelLoadException(file + " has an added token without content: use the model's own file");
            }
            addedTokens.add(new AddedToken(
                    checkedId(file, content, token.path("id")),
                    content,
                    token.path("special").asBoolean()));
        }
        byte[][] bytesById = bytesById(file, vocabulary, addedTokens);
        ((ObjectNode) json).putArray(ADDED_TOKENS);
        return new TokenizerFile(MAPPER.writeValueAsBytes(json), List.copyOf(addedTokens), bytesById);
    }

    private static byte[][] bytesById(Path file, JsonNode vocabulary, List<AddedToken> addedTokens) {
        int highest = -1;
        for (JsonNode id : vocabulary) {
            highest = Math.max(highest, checkedId(file, "of the vocabulary", id));
        }
        for (AddedToken token : addedTokens) {
            highest = Math.max(highest, token.id());
        }
        byte[][] bytesById = new byte[highest + 1][0];
        for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
            bytesById[entry.getValue().intValue()] = ByteLevelBpe.bytesOf(entry.getKey());
        }
        for (AddedToken token : addedTokens) {
            bytesById[token.id()] = token.content().getBytes(StandardCharsets.UTF_8);
        }
        return bytesById;
    }

    private static int checkedId(Path file, String token, JsonNode id) {
        if (!id.canConvertToInt() || id.intValue() < 0 || id.intValue() > HIGHEST_ID) {
            throw new ModelLoadException(file + ": the id of the token " + token + " must be between 0 and "
                    + HIGHEST_ID + ", but is " + (id.isMissingNode() ? "missing" : id)
                    + ": use the model's own file");
        }
        return id.intValue();
    }
}
