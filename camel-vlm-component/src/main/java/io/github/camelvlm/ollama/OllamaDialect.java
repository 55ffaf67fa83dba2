package io.github.camelvlm.ollama;

import io.github.camelvlm.dialect.Call;
import io.github.camelvlm.dialect.Dialect;
import io.github.camelvlm.dialect.Dialogue;
import io.github.camelvlm.dialect.JsonAnswer;
import io.github.camelvlm.openai.Json;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.JsonValue;
import io.github.camelvlm.openai.ModelList;
import io.github.camelvlm.openai.OpenAiError;
import java.util.Map;
import java.util.Optional;

/** Ollama's API at {@code /api}: chat, generate, and what its clients ask of models. */
public final class OllamaDialect implements Dialect {
    private static final String PATH = "/api";

    /** That of Ollama whose API this is: clients ask for it to know what they may send. */
    private static final String API_VERSION = "0.12.0";

    private boolean enabled = true;

    /** @param on whether it is spoken at all */
    public void setEnabled(boolean on) {
        enabled = on;
    }

    @Override
    public boolean isSpokenAt(String path) {
        return enabled && (path.equals(PATH) || path.startsWith(PATH + "/"));
    }

    @Override
    public String error(OpenAiError error) {
        return errorJson(error);
    }

    static String errorJson(OpenAiError error) {
        return Json.write(Map.of("error", String.valueOf(error.error().message())));
    }

    @Override
    public Dialogue read(Call call) {
        return new OllamaDialogue(OllamaRequest.read(Json.parse(call.body()), call.path()));
    }

    @Override
    public JsonBody look(Call call) {
        return new JsonAnswer(Map.of("version", API_VERSION));
    }

    @Override
    public JsonBody tell(String path, JsonBody answer) {
        if (answer instanceof ModelList list) {
            return path.equals(PATH + "/ps") ? OllamaModels.loaded(list) : OllamaModels.tags(list);
        }
        return answer instanceof ModelList.Model model ? OllamaModels.shown(model) : answer;
    }

    /**
     * The name of the model that a request asks to be shown, for {@code vlm:models}: the step before it.
     *
     * @param body the request in JSON
     */
    public String shownModel(byte[] body) {
        JsonValue request = Json.parse(body).requireObject();
        // Its older clients write name.
        return OllamaRequest.untagged(Optional.ofNullable(request.get("model").string())
                .orElseGet(() -> request.get("name").isAbsent()
                        ? request.get("model").requireString()
                        : request.get("name").requireString()));
    }
}
