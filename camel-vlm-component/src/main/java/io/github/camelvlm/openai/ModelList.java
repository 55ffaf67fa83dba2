package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.ModelInfo;
import java.util.List;

/**
 * The models that can be asked for: the answer to {@code GET /v1/models}.
 *
 * @param object always {@code list}
 * @param data the models
 */
public record ModelList(String object, List<Model> data) implements JsonBody {
    public ModelList {
        data = List.copyOf(data);
    }

    /** A model under each of its names. */
    public static ModelList of(List<String> names, ModelInfo info) {
        return new ModelList(
                "list", names.stream().map(name -> Model.of(name, info)).toList());
    }

    /**
     * A model: the answer to {@code GET /v1/models/{id}}.
     *
     * @param id the name to ask for it by
     * @param object always {@code model}
     * @param created when it was loaded, in seconds since 1970
     * @param ownedBy always {@code camel-vlm}
     * @param root the name of the model itself
     * @param maxModelLen the most tokens of prompt and answer together, as vLLM tells it
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Model(String id, String object, long created, String ownedBy, String root, int maxModelLen)
            implements JsonBody {

        /** A model under one of its names. */
        public static Model of(String name, ModelInfo info) {
            return new Model(
                    name, "model", info.loadedAt().getEpochSecond(), "camel-vlm", info.name(), info.contextLength());
        }
    }
}
