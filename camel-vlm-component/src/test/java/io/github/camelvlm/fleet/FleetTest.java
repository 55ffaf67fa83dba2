package io.github.camelvlm.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.goldens.GoldenCase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several models that are asked as one engine. */
@Timeout(120)
class FleetTest {
    private final ThreeModels models = new ThreeModels();

    @AfterEach
    void close() {
        models.close();
    }

    @Test
    void loadsAModelWhenItIsAskedFor() throws Exception {
        Fleet fleet = models.start("demand", Duration.ZERO, 0);
        assertThat(models.loaded()).isEmpty();
        assertThat(fleet.isReady()).isTrue();

        models.assertAnswers("random-vl");

        assertThat(models.loaded()).containsExactly("random-vl");
        assertThat(models.presence("random-vl").loads()).isEqualTo(1);
    }

    @Test
    void asksTheFirstWhereARequestChoosesNone() throws Exception {
        Fleet fleet = models.start("demand", Duration.ZERO, 0);
        ChatRequest request = ThreeModels.question("shapes-vl").withAdapter(null);

        assertThat(fleet.generate(request).await().text())
                .isEqualTo(ThreeModels.GOLDENS.get("shapes-vl").text("text"));
        assertThat(fleet.startingWith("random-vl")
                        .generate(ThreeModels.question("random-vl").withAdapter(null))
                        .await()
                        .model())
                .isEqualTo("random-vl");
        assertThatThrownBy(() -> fleet.generate(request.withAdapter("other")))
                .isInstanceOf(ModelNotServedException.class)
                .hasMessage(
                        "The model \"other\" is not served here: ask for shapes-vl or random-vl or random-vl/text or"
                                + " random-vl25");
    }

    @Test
    void asksTheAdapterOfAModel() throws Exception {
        Fleet fleet = models.start("demand", Duration.ZERO, 0);
        GoldenCase adapted = ThreeModels.withoutPicture(GoldenCase.adapted("adapter-text"));

        var answer = fleet.generate(Fleets.greedy(adapted).withAdapter("random-vl/text"))
                .await();

        assertThat(answer.text()).isEqualTo(adapted.text("text"));
        assertThat(answer.model()).isEqualTo("random-vl/text");
        assertThat(models.loaded()).containsExactly("random-vl");
    }

    @Test
    void refusesAtTheStartAModelThatAloneTakesMoreThanIsAllowed() {
        assertThatThrownBy(() -> models.start("demand", Duration.ZERO, 100_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(
                        "modelMemory is 0.1 MB, but model shapes-vl alone needs about [\\d.]+ .B of cpu: raise it,"
                                + " or lower kvCacheBytes, contextLength or maxSequences");
    }

    @Test
    void loadsAtTheStartThoseThatFit() throws Exception {
        models.start("start", Duration.ZERO, models.roomForTheLargest());

        assertThat(models.loaded()).containsExactly("shapes-vl");
        models.assertAnswers("random-vl");
    }

    @Test
    void tellsOfAModelBeforeItIsLoadedWhatItTellsThen() throws Exception {
        Fleet fleet = models.start("demand", Duration.ZERO, 0);
        ModelInfo before = fleet.of("random-vl").info();

        models.assertAnswers("random-vl");

        assertThat(fleet.of("random-vl").info())
                .usingRecursiveComparison()
                .ignoringFields("loadedAt")
                .isEqualTo(before);
    }

    @Test
    void writesTokensByTheModelThatIsNamed() {
        Fleet fleet = models.start("demand", Duration.ZERO, 0);

        int[] tokens = fleet.of("random-vl").tokenizer().encode("a red circle", false);

        assertThat(fleet.of("random-vl").tokenizer().decode(tokens)).isEqualTo("a red circle");
        assertThat(models.loaded()).containsExactly("random-vl");
    }
}
