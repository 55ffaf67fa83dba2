package io.github.camelvlm.responses;

import io.github.camelvlm.dialect.AnswerStream;
import io.github.camelvlm.dialect.Dialogue;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.OpenAiError;
import java.util.List;

/** One request for a response. */
final class ResponseDialogue implements Dialogue {
    private final ResponseRequest asked;
    private final ResponseStore store;

    ResponseDialogue(ResponseRequest asked, ResponseStore store) {
        this.asked = asked;
        this.store = store;
    }

    @Override
    public ChatCompletionRequest request() {
        return asked.asked();
    }

    @Override
    public JsonBody answer(ChatCompletion completion) {
        ResponseObject response = new ResponseObject(asked, completion.model(), completion.created());
        ChatCompletion.Choice choice = completion.choices().get(0);
        List<FunctionToolCall> calls = choice.message().toolCalls();
        String text = choice.message().content();
        if (text != null) {
            response.add(new OutputItem.Text(
                    text,
                    choice.logprobs() == null ? List.of() : choice.logprobs().content()));
        }
        if (calls != null) {
            calls.forEach(call -> response.add(new OutputItem.Call(
                    call.id(), call.function().name(), call.function().arguments())));
        }
        response.end(choice.trueFinishReason(), completion.usage());
        response.keep(store);
        return response.json();
    }

    @Override
    public AnswerStream stream() {
        return new ResponseEvents(asked, store);
    }

    @Override
    public OpenAiError retold(OpenAiError error) {
        return asked.turns().retold(error, ResponseRequest.NAMES);
    }
}
