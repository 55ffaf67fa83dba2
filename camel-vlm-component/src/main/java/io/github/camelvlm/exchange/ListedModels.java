package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.ModelList;
import java.util.List;
import org.apache.camel.Message;

/** Answers what can be asked for, as OpenAI does. */
public final class ListedModels {
    private ListedModels() {}

    /**
     * All models and adapters of an engine, or the one that a header names.
     *
     * @throws io.github.camelvlm.chat.ModelNotServedException if there is none of that name
     */
    public static JsonBody of(MessageOptions options, Message message, VlmEngine engine) {
        String asked = message.getHeader(VlmHeaders.MODEL, String.class);
        ServedNames served = ServedNames.of(options, engine.info());
        if (asked == null) {
            return ModelList.of(served.names(), engine.models());
        }
        String name = served.require(asked);
        VlmEngine named = engine.of(served.chosen(name, null));
        boolean isFirst = named == engine.models().get(0);
        return ModelList.Model.of(name, isFirst ? served.names() : List.of(named.model()), named);
    }
}
