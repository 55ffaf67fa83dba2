package io.github.camelvlm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import io.github.camelvlm.VlmModel;
import io.github.camelvlm.goldens.GoldenCase;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class VlmStreamingChatModelTest {
    private VlmModel shapes;

    @BeforeAll
    void load() {
        shapes = Models.load(GoldenCase.SHAPES_VL);
    }

    @AfterAll
    void close() {
        shapes.close();
    }

    /** Keeps what it is told. */
    private static class Kept implements StreamingChatResponseHandler {
        final List<String> pieces = new CopyOnWriteArrayList<>();
        final CompletableFuture<ChatResponse> end = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String piece) {
            pieces.add(piece);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            end.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            end.completeExceptionally(error);
        }
    }

    private static ChatRequest describe() {
        return ChatRequest.builder()
                .messages(Models.turn("one-shape.png", "Describe this image."))
                .build();
    }

    @Test
    void tellsAnAnswerInPieces() throws Exception {
        Kept kept = new Kept();
        new VlmStreamingChatModel(shapes).chat(describe(), kept);

        ChatResponse response = kept.end.get(30, TimeUnit.SECONDS);

        assertThat(kept.pieces).hasSizeGreaterThan(3);
        assertThat(String.join("", kept.pieces))
                .isEqualTo(response.aiMessage().text())
                .isEqualTo(GoldenCase.shapes("describe one-shape.png").text("text"));
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.tokenUsage().outputTokenCount()).isPositive();
    }

    /** What LangChain4j writes the code of. */
    interface Assistant {
        TokenStream ask(@dev.langchain4j.service.UserMessage List<dev.langchain4j.data.message.Content> contents);
    }

    @Test
    void aServiceStreamsTheAnswer() throws Exception {
        Assistant assistant = AiServices.create(Assistant.class, new VlmStreamingChatModel(shapes));
        CompletableFuture<ChatResponse> end = new CompletableFuture<>();

        assistant
                .ask(Models.turn("one-shape.png", "Describe this image.").contents())
                .onPartialResponse(piece -> {})
                .onCompleteResponse(end::complete)
                .onError(end::completeExceptionally)
                .start();

        assertThat(end.get(30, TimeUnit.SECONDS).aiMessage().text()).contains("yellow diamond");
    }

    @Test
    void saysNothingMoreToAHandlerThatCancels() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        Kept kept = new Kept() {
            @Override
            public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                pieces.add(piece.text());
                context.streamingHandle().cancel();
                first.countDown();
            }
        };
        new VlmStreamingChatModel(shapes).chat(describe(), kept);
        assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();

        // The model goes on to answer others, after what was given up.
        Kept next = new Kept();
        new VlmStreamingChatModel(shapes).chat(describe(), next);
        next.end.get(30, TimeUnit.SECONDS);

        assertThat(kept.pieces).hasSize(1);
        assertThat(kept.end).isNotDone();
    }

    @Test
    void tellsTheHandlerWhatWentWrong() {
        Kept kept = new Kept();
        new VlmStreamingChatModel(shapes)
                .chat(
                        ChatRequest.builder()
                                .messages(UserMessage.from(AudioContent.from("https://example.org/sound.wav")))
                                .build(),
                        kept);

        assertThatThrownBy(() -> kept.end.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(UnsupportedFeatureException.class);
    }

    @Test
    void tellsTheHandlerOfAnErrorThatItThrows() {
        Kept kept = new Kept() {
            @Override
            public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
                throw new OutOfMemoryError("as if");
            }
        };
        new VlmStreamingChatModel(shapes).chat(describe(), kept);

        assertThatThrownBy(() -> kept.end.get(30, TimeUnit.SECONDS)).hasRootCauseInstanceOf(OutOfMemoryError.class);
    }
}
