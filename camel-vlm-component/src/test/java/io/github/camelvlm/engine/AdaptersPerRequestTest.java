package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.goldens.GoldenCase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several adapters beside one model: each request has the answer that it would have alone. */
@Timeout(120)
class AdaptersPerRequestTest {
    /** The model as it is, and its adapters. */
    private static final List<String> NAMES = Arrays.asList(null, "text", "vision");

    private LocalEngine engine;

    @BeforeEach
    void load() {
        Map<String, Path> beside = new LinkedHashMap<>();
        beside.put("text", GoldenCase.ADAPTERS.resolve("adapter-text"));
        beside.put("vision", GoldenCase.ADAPTERS.resolve("adapter-vision"));
        engine = LocalEngine.load(Engines.adapted(List.of(), beside));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static Stream<GoldenCase> cases(String adapter) {
        return adapter == null ? GoldenCase.random() : GoldenCase.adapted("adapter-" + adapter);
    }

    private static GoldenCase golden(String adapter, String name) {
        return cases(adapter)
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ChatRequest request(GoldenCase golden, String adapter) {
        return Engines.request(
                        golden.messagesWithReferencePixels(),
                        SamplingOptions.builder()
                                .temperature(0.0)
                                .topLogprobs(0)
                                .maxTokens(golden.json().get("max_tokens").asInt())
                                .build())
                .withAdapter(adapter);
    }

    private Completion ask(String name, String adapter) throws InterruptedException {
        return engine.generate(request(golden(adapter, name), adapter)).await();
    }

    private static void assertAgrees(Completion completion, GoldenCase golden) {
        assertThat(completion.text()).isEqualTo(golden.text("text"));
        for (int i = 0; i < completion.logprobs().size(); i++) {
            assertThat(completion.logprobs().get(i).logprob())
                    .isCloseTo(
                            golden.json().get("logprobs").get(i).get("logprob").asDouble(), Offset.offset(2e-3));
        }
    }

    @Test
    void answersAMixedBatchAsTransformersAnswersEachAlone() throws InterruptedException {
        List<GoldenCase> asked = new ArrayList<>();
        List<Generation> generations = new ArrayList<>();
        // Neighbours in the queue have different adapters.
        for (int i = 0; i < cases(null).count(); i++) {
            for (String name : NAMES) {
                GoldenCase golden = cases(name).toList().get(i);
                if (golden.json().get("smallest_margin").asDouble() > 0.01) {
                    asked.add(golden);
                    generations.add(engine.generate(request(golden, name)));
                }
            }
        }

        for (int i = 0; i < asked.size(); i++) {
            assertAgrees(generations.get(i).await(), asked.get(i));
        }
        assertThat(asked).hasSizeGreaterThan(20);
    }

    @Test
    void tellsTheAdapterAsTheModelThatAnswered() throws InterruptedException {
        assertThat(ask("no image", "text").model()).isEqualTo("text");
        assertThat(ask("no image", null).model()).isEqualTo("random-vl");
        assertThat(engine.info().adapters())
                .containsExactly(Map.entry("text", "adapter-text"), Map.entry("vision", "adapter-vision"));
    }

    @Test
    void takesNoKeysAndValuesOfAnotherAdapterOver() throws InterruptedException {
        for (String name : NAMES) {
            Completion first = ask("unicode", name);

            assertThat(first.usage().cachedTokens()).isZero();
            assertAgrees(first, golden(name, "unicode"));
        }
        for (String name : NAMES) {
            Completion again = ask("unicode", name);

            assertThat(again.usage().cachedTokens()).isEqualTo(again.usage().promptTokens() - 1);
            assertAgrees(again, golden(name, "unicode"));
        }
    }

    @Test
    void sharesAPicturesEmbeddingsWithAnAdapterThatChangesOnlyTheDecoder() throws InterruptedException {
        for (String name : NAMES) {
            assertAgrees(ask("see odd-size.png", name), golden(name, "see odd-size.png"));
        }
        // Those before have been counted when this one has been answered.
        ask("no image", null);

        assertThat(engine.statistics().pictures()).isEqualTo(3);
        assertThat(engine.statistics().knownPictures()).isEqualTo(1);
    }

    @Test
    void sharesKeysAndValuesOfWordsWithAnAdapterThatChangesOnlyTheTower(@TempDir Path folder) throws Exception {
        EditedModel.copy(GoldenCase.ADAPTERS.resolve("adapter-vision"), folder)
                .headers(header ->
                        header.properties().removeIf(tensor -> tensor.getKey().contains(".layers.")))
                .json("adapter_config.json", config -> config.put("target_modules", ".*visual.*"));
        GoldenCase words = golden(null, "no image");
        GoldenCase picture = golden(null, "see tiny.png");
        try (LocalEngine tower = LocalEngine.load(Engines.adapted(List.of(), Map.of("tower", folder)))) {
            tower.generate(request(words, null)).await();
            tower.generate(request(picture, null)).await();

            Completion ofWords = tower.generate(request(words, "tower")).await();
            Completion ofPicture = tower.generate(request(picture, "tower")).await();

            assertAgrees(ofWords, words);
            assertThat(ofWords.usage().cachedTokens()).isEqualTo(ofWords.usage().promptTokens() - 1);
            assertThat(ofPicture.usage().cachedTokens())
                    .isLessThan(ofPicture.usage().promptTokens() / 2 + 10)
                    .isPositive();
            assertThat(ofPicture.logprobs().get(0).logprob())
                    .isNotCloseTo(
                            picture.json().get("logprobs").get(0).get("logprob").asDouble(), Offset.offset(2e-3));
        }
    }

    @Test
    void refusesAnAdapterThatIsNotThere() {
        assertThatThrownBy(() -> engine.generate(Engines.endless(1).withAdapter("other")))
                .isInstanceOf(ModelNotServedException.class)
                .hasMessage("The model \"other\" is not served here: ask for random-vl or text or vision");
    }
}
