package io.github.camelvlm.anthropic;

import io.github.camelvlm.dialect.Call;
import io.github.camelvlm.dialect.Dialect;
import io.github.camelvlm.dialect.Dialogue;
import io.github.camelvlm.dialect.JsonAnswer;
import io.github.camelvlm.openai.Json;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.ModelList;
import io.github.camelvlm.openai.OpenAiError;
import io.github.camelvlm.openai.TokenizeResponse;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Anthropic's Messages at {@code /v1/messages}, and its words for the models at {@code /v1/models}, which it shares with
 * OpenAI, where a client sends {@code anthropic-version}.
 */
public final class MessagesDialect implements Dialect {
    private static final String PATH = "/v1/messages";
    private static final String COUNT_PATH = PATH + "/count_tokens";
    private static final String MODELS_PATH = "/v1/models";

    private boolean enabled = true;

    /** @param on whether it is spoken at all */
    public void setEnabled(boolean on) {
        enabled = on;
    }

    @Override
    public boolean isSpokenAt(String path) {
        return enabled && isBelow(path, PATH);
    }

    @Override
    public boolean isSpokenAt(String path, UnaryOperator<String> headers) {
        return isSpokenAt(path) || enabled && isBelow(path, MODELS_PATH) && headers.apply("anthropic-version") != null;
    }

    private static boolean isBelow(String path, String parent) {
        return path.equals(parent) || path.startsWith(parent + "/");
    }

    @Override
    public String keyHeader() {
        return "x-api-key";
    }

    @Override
    public String idHeader() {
        return "request-id";
    }

    @Override
    public String error(OpenAiError error) {
        return ErrorJson.of(error);
    }

    @Override
    public Dialogue read(Call call) {
        return new MessageDialogue(
                MessageRequest.read(Json.parse(call.body()), call.path().equals(COUNT_PATH)));
    }

    @Override
    public JsonBody tell(String path, JsonBody answer) {
        if (answer instanceof TokenizeResponse tokens) {
            return new JsonAnswer(Map.of("input_tokens", tokens.count()));
        }
        if (answer instanceof ModelList list) {
            return ModelJson.list(list);
        }
        return answer instanceof ModelList.Model model ? new JsonAnswer(ModelJson.of(model)) : answer;
    }
}
