package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.VlmEngine;
import java.util.List;
import java.util.stream.IntStream;
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
     * Models under each of their names, and their adapters.
     *
     * @param names the first model's, at least one; others have their own
     * @param models at least one
     */
    public static ModelList of(List<String> names, List<VlmEngine> models) {
        return new ModelList(
                "list",
                IntStream.range(0, models.size())
                        .boxed()
                        .flatMap(i -> of(i == 0 ? names : List.of(models.get(i).model()), models.get(i)))
                        .toList());
    }

    private static Stream<Model> of(List<String> names, VlmEngine engine) {
        return Stream.concat(names.stream(), engine.info().adapters().keySet().stream())
                .map(name -> Model.of(name, names, engine));
    }

    /**
     * A model, or an adapter of one: the answer to {@code GET /v1/models/{id}}.
     *
     * @param id the name to ask for it by
     * @param object always {@code model}
     * @param created when it was loaded, in seconds since 1970; of one that is not, since when it can be asked for
     * @param ownedBy always {@code camel-vlm}
     * @param root its own name
     * @param parent of an adapter, the name of the model; null for a model
     * @param maxModelLen the most tokens of prompt and answer together, as vLLM tells it
     * @param loaded whether it is in memory; one that is not is loaded when it is asked for
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Model(
            String id,
            String object,
            long created,
            String ownedBy,
            String root,
            String parent,
            int maxModelLen,
            boolean loaded)
            implements JsonBody {

        /**
         * A model or an adapter under one of its names.
         *
         * @param names the model's, at least one
         * @param engine that of the model
         */
        public static Model of(String name, List<String> names, VlmEngine engine) {
            ModelInfo info = engine.info();
            boolean isAdapter = info.adapters().containsKey(name);
            return new Model(
                    name,
                    "model",
                    info.loadedAt().getEpochSecond(),
                    "camel-vlm",
                    isAdapter ? info.adapters().get(name) : info.name(),
                    isAdapter ? names.get(0) : null,
                    info.contextLength(),
                    engine.presence().isLoaded());
        }
    }
}
