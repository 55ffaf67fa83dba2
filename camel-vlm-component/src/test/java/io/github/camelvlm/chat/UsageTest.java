package io.github.camelvlm.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTest {
    @Test
    void countsEachPromptOnce() {
        List<Usage> twoPromptsWithTwoAnswers =
                List.of(new Usage(10, 1, 4), new Usage(10, 2, 4), new Usage(30, 3, 5), new Usage(30, 4, 5));

        assertThat(Usage.of(twoPromptsWithTwoAnswers, 2)).isEqualTo(new Usage(40, 10, 9));
        assertThat(Usage.of(twoPromptsWithTwoAnswers.subList(0, 2), Integer.MAX_VALUE))
                .isEqualTo(new Usage(10, 3, 4));
    }
}
