package io.github.camelvlm;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Comparison;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.exchange.AnswerHeaders;
import io.github.camelvlm.exchange.Classification;
import io.github.camelvlm.exchange.PictureBodies;
import io.github.camelvlm.exchange.RequestMapper;
import io.github.camelvlm.observation.ObservedAnswer;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ResponseMetadata;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Tells which of several texts a picture is. */
final class ClassifyOperation implements Operation {
    private final AskedEngine engine;
    private final PictureBodies pictures;
    private final Classification classification;

    ClassifyOperation(AskedEngine engine, PictureBodies pictures, Classification classification) {
        this.engine = engine;
        this.pictures = pictures;
        this.classification = classification;
    }

    @Override
    public void answer(Exchange exchange, ObservedAnswer observed) throws InterruptedException {
        Message message = exchange.getMessage();
        List<String> choices = classification.choices(message);
        List<EncodedImage> images = pictures.read(message.getBody(), exchange);
        String adapter = engine.chosen(null, message, observed);
        ResponseMetadata metadata = engine.metadata(null, adapter);
        ChatRequest asked = classification.question(images, choices, message).withAdapter(adapter);
        Comparison comparison = engine.get().compare(asked, choices, RequestMapper.cancellation(message));
        List<Completion> answers = List.of(comparison.answer());
        observed.ended(answers);
        AnswerHeaders.write(answers, metadata, message);
        message.setHeader(VlmConstants.SCORES, Classification.scores(choices, comparison));
        engine.keep(ChatCompletion.of(answers, metadata), exchange);
        message.setBody(comparison.answer().text());
    }
}
