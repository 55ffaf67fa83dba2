package io.github.camelvlm.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodePointsTest {
    private static final CodePoints DIGITS = CodePoints.range('0', '9');

    @Test
    void rangesThatTouchOrOverlapAreOne() {
        assertThat(CodePoints.of("cab").or(CodePoints.range('c', 'f'))).isEqualTo(CodePoints.range('a', 'f'));
    }

    @Test
    void whatBothHaveIsTold() {
        assertThat(CodePoints.of("19ax").and(DIGITS)).isEqualTo(CodePoints.of("19"));
        assertThat(CodePoints.of("ax").and(DIGITS).isEmpty()).isTrue();
    }

    @Test
    void theOthersOfTheOthersAreTheSame() {
        assertThat(DIGITS.not().contains('5')).isFalse();
        assertThat(DIGITS.not().contains('a')).isTrue();
        assertThat(DIGITS.not().not()).isEqualTo(DIGITS);
        assertThat(CodePoints.ALL.not()).isEqualTo(CodePoints.NONE);
    }

    @Test
    void halvesOfSurrogatePairsAreNoCharacters() {
        assertThat(CodePoints.ALL.contains(0xD800)).isFalse();
        assertThat(CodePoints.range(0xD000, 0xE000).contains(0xDFFF)).isFalse();
        assertThat(CodePoints.of("🚀").contains(0x1F680)).isTrue();
    }
}
