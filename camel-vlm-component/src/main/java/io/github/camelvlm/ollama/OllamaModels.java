package io.github.camelvlm.ollama;

import io.github.camelvlm.dialect.JsonAnswer;
import io.github.camelvlm.openai.ModelList;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Models in Ollama's words. What it tells of files, sizes and digests is told as nothing: there are none of its kind. */
final class OllamaModels {
    private static final String FAMILY = "qwen-vl";
    /** Of a model that is never unloaded, as Ollama writes it. */
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private OllamaModels() {}

    static JsonAnswer tags(ModelList models) {
        return each(models, OllamaModels::tag);
    }

    static JsonAnswer loaded(ModelList models) {
        return each(models, model -> {
            Map<String, Object> fields = tag(model);
            fields.remove("modified_at");
            fields.put("expires_at", NEVER);
            fields.put("size_vram", 0);
            fields.put("context_length", model.maxModelLen());
            return fields;
        });
    }

    private static JsonAnswer each(ModelList models, Function<ModelList.Model, Map<String, Object>> told) {
        return new JsonAnswer(Map.of("models", models.data().stream().map(told).toList()));
    }

    private static Map<String, Object> tag(ModelList.Model model) {
        String name = model.id().contains(":") ? model.id() : model.id() + OllamaRequest.LATEST;
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", name);
        fields.put("model", name);
        fields.put("modified_at", Instant.ofEpochSecond(model.created()).toString());
        fields.put("size", 0);
        fields.put("digest", "");
        fields.put("details", details());
        return fields;
    }

    private static Map<String, Object> details() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("parent_model", "");
        details.put("format", "safetensors");
        details.put("family", FAMILY);
        details.put("families", List.of(FAMILY));
        details.put("parameter_size", "");
        details.put("quantization_level", "");
        return details;
    }

    static JsonAnswer shown(ModelList.Model model) {
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("general.architecture", FAMILY);
        info.put("general.basename", model.root());
        info.put(FAMILY + ".context_length", model.maxModelLen());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("modelfile", "");
        fields.put("parameters", "");
        fields.put("template", "");
        fields.put("details", details());
        fields.put("model_info", info);
        fields.put("capabilities", List.of("completion", "vision", "tools"));
        fields.put("modified_at", Instant.ofEpochSecond(model.created()).toString());
        return new JsonAnswer(fields);
    }
}
