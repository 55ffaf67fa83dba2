package io.github.camelvlm;

import io.github.camelvlm.chat.BoxForm;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.exchange.AnswerHeaders;
import io.github.camelvlm.exchange.ConversationHistory;
import io.github.camelvlm.exchange.RequestMapper;
import io.github.camelvlm.observation.ObservedAnswer;
import io.github.camelvlm.openai.BoxReader;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.ChatRequestMapper;
import io.github.camelvlm.openai.ChunkStream;
import io.github.camelvlm.openai.ResponseMetadata;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Answers a request in the format of chat completions. */
final class ChatOperation implements Operation {
    private final AskedEngine engine;
    private final RequestMapper requests;

    ChatOperation(AskedEngine engine, RequestMapper requests) {
        this.engine = engine;
        this.requests = requests;
    }

    @Override
    public void answer(Exchange exchange, ObservedAnswer observed) throws InterruptedException {
        Message message = exchange.getMessage();
        ChatCompletionRequest request = requests.read(message);
        String adapter = engine.chosen(request.model(), message, observed);
        ResponseMetadata metadata = engine.metadata(request.model(), adapter);
        int answers = ChatRequestMapper.answers(request);
        observed.answers(answers);
        // All that can be refused is looked at before anything runs.
        boolean isStreamed = requests.isStreamed(request.stream(), message);
        if (isStreamed && request.promptLogprobs() != null) {
            throw new InvalidRequestException(
                    "prompt_logprobs", "are not told with a streamed answer: set stream to false", "unsupported_value");
        }
        ConversationHistory conversation = engine.conversation(exchange);
        conversation.requireRoomFor(request.pictures());
        BoxForm form = request.areBoxesWanted()
                ? BoxReader.form(engine.get().of(adapter).info(), "boxes")
                : null;
        List<ChatRequest> prompts = requests.chats(request, message);
        ChatRequest asked = prompts.get(0).withAdapter(adapter);
        ChatRequest whole = conversation.before(asked);
        if (form != null) {
            BoxReader.requireOnePicture(whole);
        }
        List<ChatRequest> wholes = new ArrayList<>(List.of(whole));
        prompts.stream().skip(1).map(prompt -> prompt.withAdapter(adapter)).forEach(wholes::add);
        List<Generation> generations = engine.begin(wholes, answers, message);
        if (isStreamed) {
            AskedEngine.stream(
                    new ChunkStream(generations, answers, metadata, request.isUsageIncluded(), form),
                    exchange,
                    observed);
        } else {
            List<Completion> completions = AskedEngine.await(generations);
            observed.ended(completions);
            AnswerHeaders.write(completions, answers, metadata, message);
            message.setHeader(VlmConstants.RESPONSE_ID, metadata.id());
            conversation.add(asked, completions.get(0));
            ChatCompletion completion = ChatCompletion.of(completions, metadata, form, answers);
            engine.keep(completion, exchange);
            message.setHeader(Exchange.CONTENT_TYPE, "application/json");
            message.setBody(completion);
        }
    }
}
