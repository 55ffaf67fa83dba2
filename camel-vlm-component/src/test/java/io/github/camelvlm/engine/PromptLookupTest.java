package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.model.ProcessedImage;
import io.github.camelvlm.model.PromptPicture;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptLookupTest {
    private static int[] following(int most, int... ids) {
        // What stands beyond the length is none of the tokens.
        return PromptLookup.following(Arrays.copyOf(ids, ids.length + 3), ids.length, List.of(), most);
    }

    @Test
    void findsWhatFollowedTheLastTwoTokens() {
        assertThat(following(2, 1, 2, 3, 4, 5, 1, 2)).containsExactly(3, 4);
    }

    @Test
    void prefersWhereMoreOfTheLastTokensStoodToWhereFewerDidLater() {
        assertThat(following(1, 7, 1, 2, 3, 8, 1, 2, 4, 7, 1, 2)).containsExactly(3);
    }

    @Test
    void prefersTheLastOfEqualPlaces() {
        assertThat(following(1, 1, 2, 3, 1, 2, 4, 1, 2)).containsExactly(4);
    }

    @Test
    void goesOnWithARepetitionInWhichTheLastTokensStandThemselves() {
        assertThat(following(5, 9, 1, 2, 1, 2)).containsExactly(1, 2, 1, 2, 1);
        assertThat(following(3, 4, 4, 4)).containsExactly(4, 4, 4);
    }

    @Test
    void findsNothingWhereOnlyOneTokenIsTheSame() {
        assertThat(following(4, 1, 2, 3, 9, 2)).isEmpty();
        assertThat(following(4, 1)).isEmpty();
        assertThat(following(4, 1, 1)).isEmpty();
    }

    @Test
    void neverProposesAPicturesTokens() {
        ProcessedImage image = new ProcessedImage(2, 4, new byte[0]);
        PromptPicture picture = new PromptPicture("picture", 1, 1, image, "digest", 3);
        int[] ids = {1, 2, 3, 50, 50, 4, 1, 2};

        assertThat(PromptLookup.following(ids, ids.length, List.of(picture), 4)).containsExactly(3);
    }
}
