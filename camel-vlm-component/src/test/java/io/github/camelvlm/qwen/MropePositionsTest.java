package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.TokenPositions;
import io.github.camelvlm.qwen.MropePositions.Grid;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MropePositionsTest {
    private static final int IMAGE_PAD = 1022;

    static Stream<GoldenCase> goldens() {
        return GoldenCase.all();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void areThoseOfTransformers(GoldenCase golden) {
        int[] ids = golden.ints("prompt_token_ids");

        TokenPositions positions = MropePositions.of(ids, IMAGE_PAD, grids(golden));

        JsonNode expected = golden.json().path("position_ids");
        for (int row = 0; row < 3; row++) {
            assertThat(positions.positions()[row])
                    .containsExactly(
                            expected.isMissingNode()
                                    ? LongStream.range(0, ids.length).toArray()
                                    : longs(expected.get(row)));
        }
        assertThat(positions.ropeDelta())
                .isEqualTo(golden.json().path("rope_delta").asInt(0));
    }

    private static long[] longs(JsonNode row) {
        return LongStream.range(0, row.size())
                .map(i -> row.get((int) i).asLong())
                .toArray();
    }

    @Test
    void anEmptyPromptHasNone() {
        TokenPositions positions = MropePositions.of(new int[0], IMAGE_PAD, List.of());

        assertThat(positions.positions()).isDeepEqualTo(new long[3][0]);
        assertThat(positions.ropeDelta()).isZero();
    }

    @Test
    void picturesMayTouch() {
        int[] ids = {IMAGE_PAD, IMAGE_PAD, IMAGE_PAD, 7};

        TokenPositions positions = MropePositions.of(ids, IMAGE_PAD, List.of(new Grid(2, 4), new Grid(2, 2)));

        assertThat(positions.positions()).isDeepEqualTo(new long[][] {{0, 0, 2, 3}, {0, 0, 2, 3}, {0, 1, 2, 3}});
    }

    @Test
    void refusesPadsThatAreNotAsManyAsThePicturesTokens() {
        assertThatThrownBy(() -> MropePositions.of(new int[] {IMAGE_PAD, 7}, IMAGE_PAD, List.of(new Grid(2, 4))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has 1 tokens, but its grid makes 2");
        assertThatThrownBy(() -> MropePositions.of(new int[] {IMAGE_PAD}, IMAGE_PAD, List.of(new Grid(2, 4))))
                .hasMessageContaining("has 1 tokens, but its grid makes 2");
        assertThatThrownBy(() -> MropePositions.of(new int[] {IMAGE_PAD}, IMAGE_PAD, List.of()))
                .hasMessageContaining("all 0 are placed");
        assertThatThrownBy(() -> MropePositions.of(new int[] {7}, IMAGE_PAD, List.of(new Grid(2, 4))))
                .hasMessageContaining("fewer pictures than the 1 given");
    }

    @Test
    void refusesAGridThatCannotBeMerged() {
        assertThatThrownBy(() -> new Grid(3, 4)).hasMessageContaining("3 x 4");
        assertThatThrownBy(() -> new Grid(2, 0)).hasMessageContaining("2 x 0");
    }

    private static List<MropePositions.Grid> grids(GoldenCase golden) {
        return golden.grids().stream()
                .map(grid -> new MropePositions.Grid(grid[0], grid[1]))
                .toList();
    }
}
