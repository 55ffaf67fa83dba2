package io.github.camelvlm.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.VlmConfiguration;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.RepetitionBounds;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.ToolChoice;
import io.github.camelvlm.chat.ToolDefinition;
import io.github.camelvlm.chat.Tools;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often the answers to requests may repeat themselves. */
class GuardedRequestsTest {
    private final VlmConfiguration options = new VlmConfiguration();

    private RepetitionBounds bounds(ChatRequest request, boolean showsDocument) {
        return new RepetitionGuard(options)
                .of(request, showsDocument, null)
                .sampling()
                .repetition();
    }

    private static ChatRequest request(SamplingOptions.Builder sampling, ToolChoice choice) {
        Tools tools = choice == null
                ? Tools.NONE
                : new Tools(List.of(new ToolDefinition("f", "{\"function\": {\"name\": \"f\"}}")), choice);
        return new ChatRequest(List.of(Message.of(Role.USER, "Hi")), tools, sampling.build(), null);
    }

    private static ChatRequest request() {
        return request(SamplingOptions.builder(), null);
    }

    @ParameterizedTest
    @CsvSource({"auto, true, true", "auto, false, false", "on, true, true", "on, false, true"})
    void areThoseOfATextWhereAnswersAreGuarded(String mode, boolean showsDocument, boolean isGuarded) {
        options.setRepetitionGuard(mode);

        assertThat(bounds(request(), showsDocument)).isEqualTo(isGuarded ? RepetitionBounds.OF_TEXT : null);
    }

    @Test
    void areNoneWhereItIsOff() {
        options.setRepetitionGuard("off");

        assertThat(bounds(request(), true)).isEqualTo(RepetitionBounds.OFF);
        assertThat(bounds(request(), false)).isEqualTo(RepetitionBounds.OFF);
    }

    @Test
    void areWiderWhereAnAnswerIsData() {
        AnswerFormat json = new AnswerFormat.Json("response_format", "{}");

        assertThat(bounds(request(SamplingOptions.builder().format(json), null), true))
                .isEqualTo(RepetitionBounds.OF_FORM);
        assertThat(bounds(request(SamplingOptions.builder(), ToolChoice.REQUIRED), true))
                .isEqualTo(RepetitionBounds.OF_FORM);
        assertThat(bounds(request(SamplingOptions.builder(), ToolChoice.named("f")), true))
                .isEqualTo(RepetitionBounds.OF_FORM);
        assertThat(bounds(request(SamplingOptions.builder(), ToolChoice.AUTO), true))
                .isEqualTo(RepetitionBounds.OF_TEXT);
    }

    @Test
    void areThoseThatARequestSaysFirstOfAll() {
        RepetitionBounds own = new RepetitionBounds(5, 1, 9, 0);
        options.setRepetitionGuard("off");

        assertThat(bounds(request(SamplingOptions.builder().repetition(own), null), true))
                .isEqualTo(own);
        options.setRepetitionGuard("on");
        assertThat(bounds(request(SamplingOptions.builder().repetition(RepetitionBounds.OFF), null), true))
                .isEqualTo(RepetitionBounds.OFF);
    }
}
