package io.github.camelvlm.model;

import com.fasterxml.jackson.databind.JsonNode;
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
 * @param nativeJson what the native library is given of it
 * @param addedTokens the added tokens, which that leaves out
 * @param bytesById the bytes of each token by its id, those of added tokens included; empty for ids that no token has
 */
record TokenizerFile(byte[] nativeJson, List<AddedToken> addedTokens, byte[][] bytesById) {
    private static final String ADDED_TOKENS = "added_tokens";

    /** Text is searched for all of them. */
    private static final int MAX_ADDED_TOKENS = 10_000;

    /** Far above any vocabulary, and low enough that a wrong id in the file cannot ask for gigabytes. */
    private static final int HIGHEST_ID = (1 << 22) - 1;

    /** @throws ModelLoadException if the file is missing, cut off, or not of byte-level BPE */
    static TokenizerFile read(Path directory) {
        JsonFile file = JsonFile.read(directory, "tokenizer.json");
        try {
            return parse(file);
        } catch (IOException e) {
            throw new ModelLoadException(file.path() + " cannot be written anew: " + e.getMessage(), e);
        }
    }

    private static TokenizerFile parse(JsonFile whole) throws IOException {
        Path file = whole.path();
        JsonNode json = whole.root();
        JsonNode vocabulary = json.path("model").path("vocab");
        if (!vocabulary.isObject()
                || !"ByteLevel".equals(json.path("decoder").path("type").asText())) {
            throw new ModelLoadException(
                    file + " is not a byte-level BPE tokenizer, which every Qwen-VL has: use the model's own file");
        }
        if (json.path(ADDED_TOKENS).size() > MAX_ADDED_TOKENS) {
            throw new ModelLoadException(
                    file + " has " + json.path(ADDED_TOKENS).size() + " added tokens, more than the " + MAX_ADDED_TOKENS
                            + " that it may have: use the model's own file");
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
        return new TokenizerFile(NativeTokenizer.json(whole), List.copyOf(addedTokens), bytesById);
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
