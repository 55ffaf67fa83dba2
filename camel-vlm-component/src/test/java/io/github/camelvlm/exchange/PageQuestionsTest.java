package io.github.camelvlm.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.VlmConfiguration;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.process.BoundedProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PageQuestionsTest {
    static EncodedImage pdf(String name, int pages) throws IOException {
        try (PDDocument document = new PDDocument()) {
            for (int i = 0; i < pages; i++) {
                document.addPage(new PDPage(new PDRectangle(50, 50)));
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return new EncodedImage(name, bytes.toByteArray());
        }
    }

    /** Two such requests would wait for each other otherwise. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aboutSeveralDocumentsNeedNoMoreThanOneProcessAtATime(@TempDir Path folder) throws Exception {
        VlmConfiguration options = new VlmConfiguration();
        PageQuestions questions =
                new RequestMapper(options, PictureUrls.of(options, new KeptMedia(0)), null).pageQuestions();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        for (int i = 1; i < Math.max(2, Runtime.getRuntime().availableProcessors()); i++) {
            BoundedProcess.start(
                    List.of("/bin/sh", "-c", "exec sleep 60"), Map.of(), folder, Duration.ofMinutes(1), 0, asked);
        }
        try {
            Exchange exchange = new DefaultExchange(new DefaultCamelContext());
            List<PageAnswer> answers = questions.ask(
                    new PageAnswersTest.FaultyEngine(),
                    List.of(pdf("a.pdf", 1), pdf("b.pdf", 1)),
                    page -> new ChatRequest(List.of(Message.of(Role.USER, page.name())), SamplingOptions.NONE, null),
                    exchange.getMessage());

            assertThat(answers)
                    .extracting(answer -> answer.completion().text())
                    .containsExactly("page 1 of document a.pdf", "page 1 of document b.pdf");
        } finally {
            asked.complete(null);
        }
    }
}
