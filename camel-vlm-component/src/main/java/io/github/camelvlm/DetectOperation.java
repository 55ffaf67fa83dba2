package io.github.camelvlm;

import io.github.camelvlm.chat.Box;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.exchange.AnnotatedPicture;
import io.github.camelvlm.exchange.AnswerHeaders;
import io.github.camelvlm.exchange.Detection;
import io.github.camelvlm.exchange.PictureBodies;
import io.github.camelvlm.observation.ObservedAnswer;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.FoundBox;
import io.github.camelvlm.openai.ResponseMetadata;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Finds what is where in a picture. */
final class DetectOperation implements Operation {
    private final AskedEngine engine;
    private final PictureBodies pictures;
    private final Detection detection;

    DetectOperation(AskedEngine engine, PictureBodies pictures, Detection detection) {
        this.engine = engine;
        this.pictures = pictures;
        this.detection = detection;
    }

    @Override
    public void answer(Exchange exchange, ObservedAnswer observed) throws InterruptedException {
        Message message = exchange.getMessage();
        EncodedImage picture = Detection.one(pictures.read(message.getBody(), exchange));
        String adapter = engine.chosen(null, message, observed);
        ModelInfo info = engine.get().of(adapter).info();
        ResponseMetadata metadata = engine.metadata(null, adapter);
        List<Completion> answers = new ArrayList<>();
        // One after the other, so that all but the first take over what was computed of the picture.
        for (ChatRequest question : detection.questions(picture, info, message)) {
            answers.addAll(
                    AskedEngine.await(engine.begin(question.withAdapter(adapter).withLogprobsIfTold(), 1, message)));
        }
        List<Completion> whole =
                List.of(answers.stream().reduce(Completion::and).orElseThrow());
        observed.ended(whole);
        AnswerHeaders.write(whole, metadata, message);
        engine.keep(ChatCompletion.of(List.of(whole.get(0).withoutLogprobs()), metadata), exchange);
        List<Box> boxes = Detection.boxes(answers, info);
        if (engine.options().isAnnotate()) {
            byte[] drawn = new AnnotatedPicture(engine.options().getMaxImagePixels()).draw(picture, boxes);
            message.setHeader(VlmConstants.BOXES, FoundBox.maps(boxes));
            message.setHeader(Exchange.CONTENT_TYPE, "image/png");
            message.setBody(drawn);
        } else {
            message.setBody(FoundBox.maps(boxes));
        }
    }
}
