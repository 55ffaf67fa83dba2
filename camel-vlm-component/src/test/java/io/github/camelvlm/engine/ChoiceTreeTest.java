package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.camelvlm.chat.InvalidRequestException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChoiceTreeTest {
    private static final Set<Integer> ENDS = Set.of(90, 91);

    private static ChoiceTree tree(int[]... texts) {
        return new ChoiceTree(List.of(texts), ENDS);
    }

    private static int[] text(int... ids) {
        return ids;
    }

    @Test
    void needsNothingBehindThePromptWhereFirstTokensTellTextsApart() {
        ChoiceTree tree = tree(text(1, 2, 3), text(4), text(5, 2, 3));

        assertThat(tree.paths()).containsExactly(text());
        assertThat(tree.targets(text())).containsExactly(text(1, 4, 5));
        assertThat(tree.length(0)).isEqualTo(1);
    }

    @Test
    void followsCommonBeginningsAsFarAsTheyGoAndNotFurther() {
        ChoiceTree tree = tree(text(1, 2, 3, 7), text(1, 2, 4, 8), text(5, 6, 1), text(5, 7), text(9, 9));

        assertThat(tree.paths()).containsExactlyInAnyOrder(text(1, 2), text(5));
        assertThat(tree.targets(text(1, 2))).containsExactly(text(1, 5, 9), text(2), text(3, 4));
        assertThat(tree.targets(text(5))).containsExactly(text(1, 5, 9), text(6, 7));
    }

    @Test
    void tellsTheBeginningOfAnotherTextApartByItsEnd() {
        ChoiceTree tree = tree(text(1), text(1, 2));

        assertThat(tree.paths()).containsExactly(text(1));
        assertThat(tree.targets(text(1))).containsExactly(text(1), text(90, 91, 2));
        // 0.5 * (0.1 + 0.1) against 0.5 * 0.6
        assertThat(tree.probabilities(
                        List.of(new double[] {Math.log(0.5), Math.log(0.1), Math.log(0.1), Math.log(0.6)})))
                .satisfiesExactly(
                        one -> assertThat(one).isCloseTo(0.25, within(1e-12)),
                        other -> assertThat(other).isCloseTo(0.75, within(1e-12)));
    }

    @Test
    void makesOneOfTheProbabilitiesHoweverSmallTheyAre() {
        assertThat(tree(text(1), text(2)).probabilities(List.of(new double[] {-2000, -2000 + Math.log(3)})))
                .satisfiesExactly(
                        one -> assertThat(one).isCloseTo(0.25, within(1e-9)),
                        other -> assertThat(other).isCloseTo(0.75, within(1e-9)));
    }

    @Test
    void refusesTheSameTextTwice() {
        assertThatThrownBy(() -> tree(text(1, 2), text(1, 2)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("choices hold the same text twice: leave one out");
    }
}
