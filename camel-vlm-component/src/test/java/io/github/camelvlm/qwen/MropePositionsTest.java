package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.PromptVisual;
import io.github.camelvlm.model.TokenPositions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MropePositionsTest {
    private static final int IMAGE_PAD = 1022;
    private static final int VIDEO_PAD = 1023;
    private static final double FRAMES_OF_A_STEP = 2;

    static Stream<GoldenCase> goldens() {
        return GoldenCase.allWithVideos();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void areThoseOfTransformers(GoldenCase golden) {
        int[] ids = golden.ints("prompt_token_ids");

        double perSecond = golden.model().equals(GoldenCase.RANDOM_VL25) ? 2 : 0;
        TokenPositions positions = MropePositions.of(ids.length, visuals(golden), perSecond);

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
        TokenPositions positions = MropePositions.of(0, List.of(), 0);

        assertThat(positions.positions()).isDeepEqualTo(new long[3][0]);
        assertThat(positions.ropeDelta()).isZero();
    }

    @Test
    void picturesMayTouch() {
        TokenPositions positions = MropePositions.of(4, List.of(picture(0, 2, 4), picture(2, 2, 2)), 0);

        assertThat(positions.positions()).isDeepEqualTo(new long[][] {{0, 0, 2, 3}, {0, 0, 2, 3}, {0, 1, 2, 3}});
    }

    @Test
    void whatFollowsALongVideoGoesOnAfterItsLastMoment() {
        PromptVisual video = new PromptVisual(1, 4, 2, 4, 1.5);

        TokenPositions bySteps = MropePositions.of(10, List.of(video), 0);
        TokenPositions bySeconds = MropePositions.of(10, List.of(video), 2);

        assertThat(bySteps.positions()[0]).containsExactly(0, 1, 1, 2, 2, 3, 3, 4, 4, 5);
        assertThat(bySeconds.positions()[0]).containsExactly(0, 1, 1, 4, 4, 7, 7, 10, 10, 11);
        assertThat(bySeconds.positions()[2]).containsExactly(0, 1, 2, 1, 2, 1, 2, 1, 2, 11);
    }

    @Test
    void refusesPicturesThatOverlapOrReachBeyondThePrompt() {
        assertThatThrownBy(() -> MropePositions.of(4, List.of(picture(0, 2, 4), picture(1, 2, 2)), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The 1 tokens of a picture at token 1 are not between token 2 and the end, 4");
        assertThatThrownBy(() -> MropePositions.of(2, List.of(picture(1, 2, 4)), 0))
                .hasMessageContaining("The 2 tokens of a picture at token 1 are not between token 0 and the end, 2");
    }

    @Test
    void refusesAGridThatCannotBeMerged() {
        assertThatThrownBy(() -> picture(0, 3, 4)).hasMessageContaining("3 x 4");
        assertThatThrownBy(() -> picture(0, 2, 0)).hasMessageContaining("2 x 0");
        assertThatThrownBy(() -> new PromptVisual(0, 0, 2, 2, 1)).hasMessageContaining("one step");
    }

    private static PromptVisual picture(int firstToken, int height, int width) {
        return new PromptVisual(firstToken, 1, height, width, 0);
    }

    /** Where the pads of the golden's prompt are. A Qwen3-VL has text between the frames of a video. */
    private static List<PromptVisual> visuals(GoldenCase golden) {
        boolean isSplit = golden.model().equals(GoldenCase.RANDOM_VL3);
        Deque<PromptVisual> pictures = new ArrayDeque<>();
        golden.grids().forEach(grid -> pictures.add(picture(0, grid[0], grid[1])));
        List<Double> rates =
                golden.json().findValues("fps").stream().map(JsonNode::asDouble).toList();
        Deque<PromptVisual> videos = new ArrayDeque<>();
        for (int i = 0; i < golden.videoGrids().size(); i++) {
            int[] grid = golden.videoGrids().get(i);
            PromptVisual video =
                    new PromptVisual(0, isSplit ? 1 : grid[0], grid[1], grid[2], FRAMES_OF_A_STEP / rates.get(i));
            videos.addAll(Collections.nCopies(isSplit ? grid[0] : 1, video));
        }
        int[] ids = golden.ints("prompt_token_ids");
        List<PromptVisual> visuals = new ArrayList<>();
        int at = 0;
        while (at < ids.length) {
            Deque<PromptVisual> next = ids[at] == IMAGE_PAD ? pictures : ids[at] == VIDEO_PAD ? videos : null;
            if (next == null) {
                at++;
            } else {
                PromptVisual visual = next.remove();
                visuals.add(new PromptVisual(
                        at, visual.steps(), visual.gridHeight(), visual.gridWidth(), visual.seconds()));
                at += visual.tokens();
            }
        }
        return visuals;
    }
}
