package io.github.camelvlm.remote;

import static io.github.camelvlm.remote.ScriptedServer.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.SeenPicture;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an engine refuses whose servers are silent. */
class RequestBudgetTest extends RemoteTestSupport {
    private static final PictureMeasure ANY = picture -> new SeenPicture(picture.name(), 1, 1);

    private static ChatRequest picture(int bytes) {
        return new ChatRequest(
                List.of(new Message(Role.USER, List.of(new ImagePart(new EncodedImage("p", new byte[bytes]))))),
                SamplingOptions.NONE,
                null);
    }

    private static ChatRequest text() {
        return ask(SamplingOptions.NONE, null);
    }

    @Test
    void refusesMoreAnswersThanItsServersTake() throws Exception {
        RemoteEngine engine = smallEngine(Long.MAX_VALUE, ANY, server(silence(over)));
        Generation first = engine.generate(text());
        engine.generate(text());

        assertThatThrownBy(() -> engine.generate(text()))
                .isInstanceOf(QueueFullException.class)
                .hasMessageContaining("they have been asked for 2 answers, and take 2")
                .hasMessageContaining("raise queueLength");

        first.cancel();
        first.await();
        until("its place is free", () -> engine.statistics().waiting() == 1);
        assertThat(engine.generate(text()).isReady()).isFalse();
    }

    @Test
    void refusesMoreAnswersToOneRequestThanThereEverArePlaces() throws Exception {
        RemoteEngine engine = smallEngine(Long.MAX_VALUE, ANY, server(silence(over)));

        assertThatThrownBy(() -> engine.generate(text(), 3))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("n must be at most 2 here, but is 3");
    }

    @Test
    void refusesPicturesThatWouldFillTheHeap() throws Exception {
        RemoteEngine engine = smallEngine(1000, ANY, server(silence(over)));
        Generation first = engine.generate(picture(900));

        assertThatThrownBy(() -> engine.generate(picture(101)))
                .isInstanceOf(QueueFullException.class)
                .hasMessageContaining("hold 900 bytes of pictures and texts, and this one has 101")
                .hasMessageContaining("raise -Xmx");

        first.cancel();
        first.await();
        until("its bytes are free", () -> engine.statistics().waiting() == 0);
        assertThat(engine.generate(picture(101)).isReady()).isFalse();
    }

    @Test
    void letsARequestInThatIsAloneHoweverLargeItIs() throws Exception {
        RemoteEngine engine = smallEngine(1000, ANY, server(silence(over)));

        assertThat(engine.generate(picture(5000), 2)).hasSize(2);
    }

    @Test
    void countsThePicturesOfARequestOnceForAllItsAnswers() throws Exception {
        RemoteEngine engine = smallEngine(1000, ANY, server(silence(over)));
        List<Generation> answers = engine.generate(picture(900), 2);

        answers.get(0).cancel();
        answers.get(0).await();
        until("one place is free", () -> engine.statistics().waiting() == 1);

        assertThatThrownBy(() -> engine.generate(picture(101))).isInstanceOf(QueueFullException.class);
        assertThat(engine.generate(picture(100)).isReady()).isFalse();
    }

    @Test
    void givesBackWhatARequestTookThatFailsAtOnce() throws Exception {
        RemoteEngine engine = smallEngine(
                1000,
                picture -> {
                    throw new OutOfMemoryError("while it is measured");
                },
                server(silence(over)));
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> engine.generate(picture(900), 2))
                    .isInstanceOf(OutOfMemoryError.class)
                    .hasMessage("while it is measured");
        }

        assertThat(engine.generate(text(), 2)).hasSize(2);
    }
}
