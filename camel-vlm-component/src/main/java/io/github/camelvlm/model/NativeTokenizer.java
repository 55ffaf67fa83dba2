package io.github.camelvlm.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.ModelLoadException;
import java.io.IOException;

/**
 * What of a {@code tokenizer.json} is handed to the native library. It ends the JVM on much that the format allows: on
 * regular expressions that are deep or search too long, a prefix of subwords, some normalizers and splitters. So only what
 * the tokenizers of this family consist of passes, and nothing that has no part in making ids of text.
 */
final class NativeTokenizer {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** How Qwen2 and its successors split text. No other is safe with long texts unless it was looked into. */
    private static final String SPLIT = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private final JsonFile file;

    private NativeTokenizer(JsonFile file) {
        this.file = file;
    }

    /**
     * The JSON of a tokenizer that makes ids of text as the file's does, but for its added tokens: it never makes a special
     * token out of text.
     *
     * @throws ModelLoadException if the file has what the library cannot be given
     */
    static byte[] json(JsonFile file) throws IOException {
        return new NativeTokenizer(file).json();
    }

    private byte[] json() throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", "1.0").putArray("added_tokens");
        json.set("normalizer", normalizer(file.root().path("normalizer")));
        json.set("pre_tokenizer", splitters(file.root().path("pre_tokenizer")));
        json.set("model", model(file.root().path("model")));
        return MAPPER.writeValueAsBytes(json);
    }

    private JsonNode normalizer(JsonNode normalizer) {
        if (isNothing(normalizer)) {
            return JsonNodeFactory.instance.nullNode();
        }
        String type = normalizer.path("type").asText();
        if (!type.equals("NFC") && !type.equals("NFKC")) {
            throw file.wrong("normalizer", "of type NFC or NFKC, as for every Qwen-VL", normalizer);
        }
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private JsonNode splitters(JsonNode splitter) {
        if (isNothing(splitter)) {
            return JsonNodeFactory.instance.nullNode();
        }
        ObjectNode sequence = JsonNodeFactory.instance.objectNode().put("type", "Sequence");
        boolean several = splitter.path("type").asText().equals("Sequence");
        for (JsonNode each : several
                ? splitter.path("pretokenizers")
                : MAPPER.createArrayNode().add(splitter)) {
            sequence.withArray("pretokenizers").add(splitter(each));
        }
        return sequence;
    }

    private JsonNode splitter(JsonNode splitter) {
        ObjectNode known = JsonNodeFactory.instance.objectNode();
        String type = splitter.path("type").asText();
        if (type.equals("ByteLevel")) {
            return known.put("type", type)
                    .put("add_prefix_space", splitter.path("add_prefix_space").asBoolean(true))
                    .put("trim_offsets", false)
                    .put("use_regex", splitter.path("use_regex").asBoolean(true));
        }
        boolean isQwens = type.equals("Split")
                && splitter.path("pattern").path("Regex").asText().equals(SPLIT)
                && splitter.path("behavior").asText().equals("Isolated")
                && !splitter.path("invert").asBoolean();
        if (!isQwens) {
            throw file.wrong("pre_tokenizer", "Qwen2's Split, ByteLevel, or a Sequence of these", splitter);
        }
        known.put("type", type).putObject("pattern").put("Regex", SPLIT);
        return known.put("behavior", "Isolated").put("invert", false);
    }

    private JsonNode model(JsonNode model) {
        file.requireOneOf(model, "type", "BPE");
        for (String field : new String[] {"dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"}) {
            if (!isNothing(model.path(field)) && !model.path(field).asText().isEmpty()) {
                throw file.wrong("model." + field, "null, as for every Qwen-VL", model.path(field));
            }
        }
        for (String field : new String[] {"fuse_unk", "byte_fallback"}) {
            if (model.path(field).asBoolean()) {
                throw file.wrong("model." + field, "false, as for every Qwen-VL", model.path(field));
            }
        }
        ObjectNode known = JsonNodeFactory.instance.objectNode().put("type", "BPE");
        known.put("ignore_merges", model.path("ignore_merges").asBoolean());
        known.set("vocab", model.path("vocab"));
        known.set("merges", model.path("merges"));
        return known;
    }

    private static boolean isNothing(JsonNode json) {
        return json.isMissingNode() || json.isNull();
    }
}
