package io.github.camelvlm.anthropic;

import io.github.camelvlm.dialect.JsonAnswer;
import io.github.camelvlm.openai.ModelList;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Models in Anthropic's words. */
final class ModelJson {
    private ModelJson() {}

    /** All of them are on one page. */
    static JsonAnswer list(ModelList models) {
        List<ModelList.Model> data = models.data();
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("data", data.stream().map(ModelJson::of).toList());
        page.put("has_more", false);
        page.put("first_id", data.isEmpty() ? null : data.get(0).id());
        page.put("last_id", data.isEmpty() ? null : data.get(data.size() - 1).id());
        return new JsonAnswer(page);
    }

    static Map<String, Object> of(ModelList.Model model) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "model");
        fields.put("id", model.id());
        fields.put("display_name", model.id());
        fields.put("created_at", Instant.ofEpochSecond(model.created()).toString());
        fields.put("max_input_tokens", model.maxModelLen());
        fields.put("max_tokens", model.maxModelLen());
        return fields;
    }
}
