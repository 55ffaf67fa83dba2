package io.github.camelvlm.ollama;

import io.github.camelvlm.dialect.AnswerStream;
import io.github.camelvlm.dialect.Dialogue;
import io.github.camelvlm.dialect.JsonAnswer;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.OpenAiError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One request for an answer. */
final class OllamaDialogue implements Dialogue {
    private final OllamaRequest asked;
    private final long begun = System.nanoTime();

    OllamaDialogue(OllamaRequest asked) {
        this.asked = asked;
    }

    @Override
    public ChatCompletionRequest request() {
        return asked.asked();
    }

    @Override
    public JsonBody answer(ChatCompletion completion) {
        return answer(completion, null);
    }

    @Override
    public JsonBody answer(ChatCompletion completion, Duration firstToken) {
        OllamaAnswer answer = answer(completion.model());
        ChatCompletion.Choice choice = completion.choices().get(0);
        List<Map<String, Object>> calls = new ArrayList<>();
        if (choice.message().toolCalls() != null) {
            for (FunctionToolCall call : choice.message().toolCalls()) {
                calls.add(OllamaAnswer.call(calls.size(), call.function().name(), call.function()));
            }
        }
        Map<String, Object> fields = answer.piece(choice.message().content(), calls, true);
        fields.putAll(answer.end(
                choice.finishReason(),
                completion.usage(),
                System.nanoTime() - begun,
                firstToken == null ? 0 : firstToken.toNanos()));
        return new JsonAnswer(fields);
    }

    private OllamaAnswer answer(String model) {
        return new OllamaAnswer(asked.isChat(), asked.model() == null ? model : asked.model());
    }

    @Override
    public AnswerStream stream() {
        return new OllamaLines(this::answer, begun);
    }

    @Override
    public OpenAiError retold(OpenAiError error) {
        return asked.turns().retold(error, OllamaRequest.NAMES);
    }
}
