package io.github.camelvlm.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.BufferedGeneration;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Comparison;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.Timings;
import io.github.camelvlm.chat.Usage;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.chat.VlmTokenizer;
import io.github.camelvlm.document.DocumentOptions;
import io.github.camelvlm.document.Documents;
import io.github.camelvlm.document.PageSelection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pages of which some meet faults that no engine has at will: each fault is named by its page. */
@Timeout(60)
class PageAnswersTest {
    private final List<PageAnswer> told = new ArrayList<>();

    /** Answers with the question, unless that is a fault. */
    static final class FaultyEngine implements VlmEngine {
        @Override
        public List<Generation> generate(ChatRequest request, int answers) {
            String asked = ((TextPart) request.messages().get(0).parts().get(0)).text();
            BufferedGeneration generation = new BufferedGeneration();
            switch (asked) {
                case "no memory" -> throw new OutOfMemoryError("Java heap space");
                case "step fails" -> generation.fail(new VlmException("The model failed on this request: no memory"));
                case "all fails" -> generation.fail(new EngineUnavailableException("It fails on everything"));
                default ->
                    generation.end(new Completion(
                            "m",
                            asked,
                            List.of(),
                            List.of(),
                            List.of(),
                            FinishReason.STOP,
                            new Usage(1, 1, 0, 0, 0),
                            new Timings(null, List.of(), Duration.ZERO),
                            List.of(),
                            List.of()));
            }
            return List.of(generation);
        }

        @Override
        public Comparison compare(ChatRequest request, List<String> texts, CompletionStage<?> cancellation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ModelInfo info() {
            throw new UnsupportedOperationException();
        }

        @Override
        public EngineStatistics statistics() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public VlmTokenizer tokenizer() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void shutdown(Duration grace) {}

        @Override
        public void close() {}
    }

    private List<PageAnswer> ask(String... pages) throws InterruptedException {
        return ask(Stream.of(pages)
                .map(name -> new PageSupply(new EncodedImage(name, new byte[] {1})))
                .toList());
    }

    private List<PageAnswer> ask(List<PageSupply> supplies) throws InterruptedException {
        return PageAnswers.of(
                new FaultyEngine(),
                supplies,
                page -> new ChatRequest(List.of(Message.of(Role.USER, page.name())), SamplingOptions.NONE, null),
                new CompletableFuture<>(),
                told::add);
    }

    @Test
    void nameThePageOnWhichTheModelFailsAndGoOn() throws Exception {
        List<PageAnswer> answers = ask("a", "no memory", "b", "step fails", "c");

        assertThat(answers)
                .extracting(answer -> answer.completion() == null
                        ? answer.failure()
                        : answer.completion().text())
                .containsExactly(
                        "a",
                        "no memory takes more memory than there is: raise -Xmx",
                        "b",
                        "step fails has no answer. The model failed on this request: no memory",
                        "c");
        assertThat(told).isEqualTo(answers);
    }

    @Test
    void endWhereTheEngineFailsOnEverythingAndHaveToldOfThePagesBefore() {
        assertThatThrownBy(() -> ask("a", "all fails", "b")).isInstanceOf(EngineUnavailableException.class);

        assertThat(told)
                .singleElement()
                .satisfies(page -> assertThat(page.completion().text()).isEqualTo("a"));
    }

    @Test
    void endWithTheThreadThatIsInterruptedAndDoNotFailOneAfterTheOther() throws Exception {
        byte[] pdf = PageQuestionsTest.pdf("letter.pdf", 3).bytes();
        DocumentOptions options = new DocumentOptions(PageSelection.ALL, null, 2500, 3, null);
        try (PageSupply supply = new PageSupply(
                Documents.open("letter.pdf", pdf, options, new CompletableFuture<>()),
                new PageMemory(1 << 20).share())) {
            // What makes pages starts anew, for which there is no waiting then.
            supply.rest();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> ask(List.of(supply))).isInstanceOf(InterruptedException.class);
        } finally {
            assertThat(Thread.interrupted()).isFalse();
        }
        assertThat(told).isEmpty();
    }
}
