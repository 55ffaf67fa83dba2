package io.github.camelvlm;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.exchange.AnswerForm;
import io.github.camelvlm.exchange.AnswerHeaders;
import io.github.camelvlm.exchange.ConversationHistory;
import io.github.camelvlm.exchange.ExtractedData;
import io.github.camelvlm.exchange.PictureBodies;
import io.github.camelvlm.exchange.RequestMapper;
import io.github.camelvlm.observation.ObservedAnswer;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ResponseMetadata;
import java.util.List;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Makes data of pictures, or the list of the data of pages. */
final class ExtractOperation implements Operation {
    private final AskedEngine engine;
    private final RequestMapper requests;
    private final PictureBodies pictures;
    private final ExtractedData data;
    private final PageOperation pages;

    ExtractOperation(
            AskedEngine engine,
            RequestMapper requests,
            PictureBodies pictures,
            ExtractedData data,
            PageOperation pages) {
        this.engine = engine;
        this.requests = requests;
        this.pictures = pictures;
        this.data = data;
        this.pages = pages;
    }

    @Override
    public void answer(Exchange exchange, ObservedAnswer observed) throws InterruptedException {
        Message message = exchange.getMessage();
        AnswerForm form = requests.dataForm(message);
        ConversationHistory conversation = engine.conversation(exchange);
        String question = conversation.question();
        List<EncodedImage> images = question != null ? List.of() : pictures.read(message.getBody(), exchange);
        String adapter = engine.chosen(null, message, observed);
        ResponseMetadata metadata = engine.metadata(null, adapter);
        conversation.requireRoomFor(images.size());
        if (!images.isEmpty() && requests.isPerPage(message)) {
            Function<EncodedImage, ChatRequest> ask =
                    page -> requests.extract(List.of(page), null, form, message).withAdapter(adapter);
            Integer maxTokens = engine.options().getMaxTokens();
            pages.answer(images, ask, page -> data.of(page, form, maxTokens), metadata, exchange, observed);
            return;
        }
        ChatRequest asked = requests.extract(images, question, form, message).withAdapter(adapter);
        Completion completion = AskedEngine.await(engine.begin(conversation.before(asked), 1, message))
                .get(0);
        observed.ended(List.of(completion));
        AnswerHeaders.write(List.of(completion), metadata, message);
        AnswerHeaders.writeFields(completion, message);
        engine.keep(ChatCompletion.of(List.of(completion), metadata), exchange);
        Object extracted = data.of(completion, form, asked.sampling().maxTokens());
        conversation.add(asked, completion);
        message.setBody(extracted);
    }
}
