package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.ModelInfo;
import java.util.List;
import java.util.stream.Stream;

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

    /**
     * A model under each of its names, and its adapters.
     *
     * @param names the model's, at least one
     */
    public static ModelList of(List<String> names, ModelInfo info) {
        return new ModelList(
                "list",
                Stream.concat(names.stream(), info.adapters().keySet().stream())
                        .map(name -> Model.of(name, names, info))
                        .toList());
    }

    /**
     * A model, or an adapter of one: the answer to {@code GET /v1/models/{id}}.
     *
     * @param id the name to ask for it by
     * @param object always {@code model}
     * @param created when it was loaded, in seconds since 1970
     * @param ownedBy always {@code camel-vlm}
     * @param root its own name
     * @param parent of an adapter, the name of the model; null for a model
     * @param maxModelLen the most tokens of prompt and answer together, as vLLM tells it
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Model(
            String id, String object, long created, String ownedBy, String root, String parent, int maxModelLen)
            implements JsonBody {

        /**
         * A model or an adapter under one of its names.
         *
         * @param names the model's, at least one
         */
        public static Model of(String name, List<String> names, ModelInfo info) {
            boolean isAdapter = info.adapters().containsKey(name);
            return new Model(
                    name,
                    "model",
                    info.loadedAt().getEpochSecond(),
                    "camel-vlm",
                    isAdapter ? info.adapters().get(name) : info.name(),
                    isAdapter ? names.get(0) : null,
                    info.contextLength());
        }
    }
}
