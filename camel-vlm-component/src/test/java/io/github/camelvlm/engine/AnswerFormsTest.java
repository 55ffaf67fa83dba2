package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.constraint.CompiledGrammar;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelFamilies;
import io.github.camelvlm.model.VisionLanguageModel;
import io.github.camelvlm.torch.Dtype;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AnswerFormsTest {
    private static VisionLanguageModel model;

    @BeforeAll
    static void load() {
        model = ModelFamilies.load(GoldenCase.RANDOM_VL, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static CompiledGrammar form(AnswerForms forms, String text) {
        return forms.of(new AnswerFormat.Choice("guided_choice", List.of(text, "other")), Tools.NONE)
                .orElseThrow();
    }

    @Test
    void keepsTheFormsThatWereAskedForLast() {
        AnswerForms forms = new AnswerForms(model.words());
        CompiledGrammar often = form(forms, "often");
        CompiledGrammar once = form(forms, "once");

        for (int i = 0; i < 15; i++) {
            form(forms, "other " + i);
            assertThat(form(forms, "often")).isSameAs(often);
        }

        assertThat(form(forms, "once")).isNotSameAs(once);
    }

    @Test
    void keepsNoMoreThanSoManyBytesBesideTheOneInUse() {
        String large = "many ".repeat(2_000);
        long bytes = form(new AnswerForms(model.words()), large).bytes();
        AnswerForms forms = new AnswerForms(model.words(), bytes / 2);

        CompiledGrammar small = form(forms, "small");
        assertThat(form(forms, "small as well")).isSameAs(form(forms, "small as well"));
        assertThat(form(forms, "small")).isSameAs(small);
        assertThat(form(forms, large)).isSameAs(form(forms, large));

        assertThat(form(forms, "small")).isNotSameAs(small);
        assertThat(bytes).isBetween(10_000L * 50, 10_000L * 200);
    }

    @Test
    void compilesOnceWhatManyAskForAtTheSameTime() throws Exception {
        AnswerForms forms = new AnswerForms(model.words());
        String properties = IntStream.range(0, 200)
                .mapToObj(i -> "\"property " + i + "\": {\"type\": \"string\"}")
                .collect(Collectors.joining(", "));
        AnswerFormat format =
                new AnswerFormat.Json("guided_json", "{\"type\": \"object\", \"properties\": {" + properties + "}}");

        assertThat(all(20, () -> forms.of(format, Tools.NONE).orElseThrow()))
                .hasSize(20)
                .containsOnly(forms.of(format, Tools.NONE).orElseThrow());
    }

    @Test
    void refusesToAllThatAskAtTheSameTimeWhatCannotBeCompiled() throws Exception {
        AnswerForms forms = new AnswerForms(model.words());
        AnswerFormat format = new AnswerFormat.Regex("guided_regex", "a$b");

        all(
                20,
                () -> assertThatThrownBy(() -> forms.of(format, Tools.NONE))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessage("guided_regex is a regular expression that no text matches"));
    }

    private static <T> List<T> all(int threads, Callable<T> asking) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(threads);
        try {
            List<T> told = new ArrayList<>();
            for (Future<T> future : clients.invokeAll(
                    IntStream.range(0, threads).mapToObj(i -> asking).toList())) {
                told.add(future.get());
            }
            return told;
        } finally {
            clients.shutdownNow();
        }
    }
}
