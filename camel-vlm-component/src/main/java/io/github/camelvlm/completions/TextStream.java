package io.github.camelvlm.completions;

import io.github.camelvlm.dialect.AnswerStream;
import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.OpenAiError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** The pieces of texts that go on with a prompt, as server-sent events. */
final class TextStream implements AnswerStream {
    private final IntFunction<String> echoes;
    /** How much of each choice has been told, in characters. */
    private final Map<Integer, Integer> told = new HashMap<>();

    /** @param echoes what the text of each choice begins with, by its index; may be empty */
    TextStream(IntFunction<String> echoes) {
        this.echoes = echoes;
    }

    @Override
    public String piece(ChatCompletionChunk chunk) {
        List<TextCompletion.Choice> choices = new ArrayList<>();
        for (ChatCompletionChunk.Choice choice : chunk.choices()) {
            String said = choice.delta().content() == null ? "" : choice.delta().content();
            boolean isFirst = choice.delta().role() != null;
            String text = isFirst ? echoes.apply(choice.index()) + said : said;
            int at = told.getOrDefault(choice.index(), 0);
            if (!text.isEmpty() || choice.finishReason() != null || choice.logprobs() != null) {
                choices.add(new TextCompletion.Choice(
                        choice.index(),
                        text,
                        TextCompletion.Logprobs.of(choice.logprobs(), at),
                        choice.finishReason(),
                        choice.vlmFinishReason()));
            }
            told.put(choice.index(), at + text.length());
        }
        return choices.isEmpty() && chunk.usage() == null
                ? ""
                : AnswerStream.event(null, TextCompletion.of(chunk, choices).toJson());
    }

    @Override
    public String end() {
        return AnswerStream.event(null, "[DONE]");
    }

    @Override
    public String failure(OpenAiError error) {
        return AnswerStream.event("error", error.toJson());
    }
}
