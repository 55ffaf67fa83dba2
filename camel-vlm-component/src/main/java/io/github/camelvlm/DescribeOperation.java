package io.github.camelvlm;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.exchange.AnswerHeaders;
import io.github.camelvlm.exchange.ConversationHistory;
import io.github.camelvlm.exchange.PageLog;
import io.github.camelvlm.exchange.PictureBodies;
import io.github.camelvlm.exchange.RequestMapper;
import io.github.camelvlm.observation.ObservedAnswer;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChunkStream;
import io.github.camelvlm.openai.ResponseMetadata;
import java.util.List;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Makes a caption of pictures, or the list of the captions of pages. */
final class DescribeOperation implements Operation {
    private final AskedEngine engine;
    private final RequestMapper requests;
    private final PictureBodies pictures;
    private final PageOperation pages;

    DescribeOperation(AskedEngine engine, RequestMapper requests, PictureBodies pictures, PageOperation pages) {
        this.engine = engine;
        this.requests = requests;
        this.pictures = pictures;
        this.pages = pages;
    }

    @Override
    public void answer(Exchange exchange, ObservedAnswer observed) throws InterruptedException {
        Message message = exchange.getMessage();
        ConversationHistory conversation = engine.conversation(exchange);
        String question = conversation.question();
        List<EncodedImage> images = question != null ? List.of() : pictures.read(message.getBody(), exchange);
        String adapter = engine.chosen(null, message, observed);
        ResponseMetadata metadata = engine.metadata(null, adapter);
        boolean isStreamed = requests.isStreamed(null, message);
        conversation.requireRoomFor(images.size());
        Function<EncodedImage, ChatRequest> ask = page -> requests.describe(List.of(page), null, message)
                .withAdapter(adapter)
                .withLogprobsIfTold();
        PageLog log = requests.pageLog(images, exchange);
        if (log != null) {
            pages.answer(images.get(0), log, ask, metadata, exchange, observed);
            return;
        }
        if (!images.isEmpty() && requests.isPerPage(message)) {
            pages.answer(images, ask, Completion::text, metadata, exchange, observed);
            return;
        }
        ChatRequest asked = requests.describe(images, question, message).withAdapter(adapter);
        ChatRequest counted = isStreamed ? asked : asked.withLogprobsIfTold();
        List<Generation> generations = engine.begin(conversation.before(counted), 1, message);
        if (isStreamed) {
            AskedEngine.stream(new ChunkStream(generations, 1, metadata, false, null), exchange, observed);
        } else {
            Completion completion = AskedEngine.await(generations).get(0);
            observed.ended(List.of(completion));
            AnswerHeaders.write(List.of(completion), metadata, message);
            if (asked.sampling().format() instanceof AnswerFormat.Json) {
                AnswerHeaders.writeFields(completion, message);
            }
            conversation.add(asked, completion);
            engine.keep(ChatCompletion.of(List.of(completion.withoutLogprobs()), metadata), exchange);
            message.setBody(completion.text());
        }
    }
}
