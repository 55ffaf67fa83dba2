package io.github.camelvlm.anthropic;

import io.github.camelvlm.dialect.AnswerStream;
import io.github.camelvlm.dialect.Dialogue;
import io.github.camelvlm.dialect.JsonAnswer;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.OpenAiError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One request for a message. */
final class MessageDialogue implements Dialogue {
    private final MessageRequest asked;

    MessageDialogue(MessageRequest asked) {
        this.asked = asked;
    }

    @Override
    public ChatCompletionRequest request() {
        return asked.asked();
    }

    @Override
    public JsonBody answer(ChatCompletion completion) {
        ChatCompletion.Choice choice = completion.choices().get(0);
        StopTail tail = new StopTail(asked.stops());
        List<Map<String, Object>> content = new ArrayList<>();
        if (choice.message().content() != null) {
            String text = tail.append(choice.message().content());
            text += tail.rest();
            if (!text.isEmpty()) {
                content.add(MessageJson.text(text));
            }
        }
        if (choice.message().toolCalls() != null) {
            choice.message()
                    .toolCalls()
                    .forEach(call -> content.add(
                            MessageJson.toolUse(call, call.function().readArguments())));
        }
        return new JsonAnswer(MessageJson.message(
                completion.id(),
                completion.model(),
                content,
                MessageJson.reason(choice.finishReason(), tail.stop()),
                tail.stop(),
                MessageJson.usage(completion.usage())));
    }

    @Override
    public AnswerStream stream() {
        return new MessageEvents(asked.stops());
    }

    @Override
    public OpenAiError retold(OpenAiError error) {
        return asked.turns().retold(error, MessageRequest.NAMES);
    }
}
