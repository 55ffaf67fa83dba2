package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepBudgetTest {
    private static final long PAUSE = 500;
    private final StepBudget portion = new StepBudget(64, 16, 1024, PAUSE);

    @Test
    void growsToWhatFitsIntoThePause() {
        for (int i = 0; i < 10; i++) {
            portion.took(1, 1, portion.of(1));
        }

        assertThat(portion.of(1)).isBetween(450L, 500L);
    }

    @Test
    void shrinksWhenAStepTookTooLong() {
        portion.took(1, 1, 2 * PAUSE);

        assertThat(portion.of(1)).isEqualTo(32);
    }

    @Test
    void shrinksWhenAnythingMadeAStepTooLong() {
        portion.took(0.1, 0.1, 2 * PAUSE);

        assertThat(portion.of(1)).isEqualTo(32);
    }

    @Test
    void hasNoPartInWhatOtherWorkTook() {
        portion.took(0, 1, 2 * PAUSE);

        assertThat(portion.of(1)).isEqualTo(64);
    }

    @Test
    void learnsNothingFromASmallPartOfItself() {
        portion.took(0.1, 0.1, 1);

        assertThat(portion.of(1)).isEqualTo(64);
    }

    @Test
    void staysWhereAPartOfItTookThatPartOfThePause() {
        portion.took(0.5, 0.75, PAUSE * 3 / 4);

        assertThat(portion.of(1)).isEqualTo(64);
    }

    @Test
    void staysWithinItsBounds() {
        for (int i = 0; i < 10; i++) {
            portion.took(1, 1, 100 * PAUSE);
        }
        assertThat(portion.of(1)).isEqualTo(16);

        for (int i = 0; i < 10; i++) {
            portion.took(1, 1, 1);
        }
        assertThat(portion.of(1)).isEqualTo(1024);
    }

    @Test
    void givesSharesThatAddUp() {
        assertThat(portion.share(16) + portion.share(48)).isEqualTo(1);
        assertThat(portion.of(1 - portion.share(16))).isEqualTo(48);
    }
}
