package io.github.camelvlm.responses;

import io.github.camelvlm.dialect.AnswerStream;
import io.github.camelvlm.dialect.Dialogue;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.OpenAiError;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One request for a response. */
final class ResponseDialogue implements Dialogue {
    private static final Pattern TURN = Pattern.compile("messages\\[(\\d{1,9})]");

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
        OpenAiError.Detail detail = error.error();
        return new OpenAiError(
                error.status(),
                new OpenAiError.Detail(retold(detail.message()), detail.type(), retold(detail.param()), detail.code()));
    }

    /** A text in which the fields of the chat completion are called as the client called them. */
    private String retold(String text) {
        if (text == null) {
            return null;
        }
        Matcher turn = TURN.matcher(text);
        String told = turn.replaceAll(found -> Matcher.quoteReplacement(place(Integer.parseInt(found.group(1)))));
        return told.equals("messages")
                ? "input"
                : told.replace("max_completion_tokens", "max_output_tokens")
                        .replace("response_format.json_schema.schema", "text.format.schema")
                        .replace("response_format", "text.format");
    }

    private String place(int turn) {
        String path = turn < asked.paths().size() ? asked.paths().get(turn) : null;
        return path == null ? "previous_response_id" : path;
    }
}
