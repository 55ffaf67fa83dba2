package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.ContextLengthException;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.UnfetchablePictureException;
import io.github.camelvlm.chat.UnreadablePictureException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OpenAiErrorTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        new InvalidRequestException("top_p", "must be above 0"),
                        400,
                        "{\"error\":{\"message\":\"top_p must be above 0\",\"type\":\"invalid_request_error\",\"param\":\"top_p\",\"code\":null}}"),
                Arguments.of(
                        new InvalidRequestException("response_format", "must be of type text", "unsupported_value"),
                        400,
                        "{\"error\":{\"message\":\"response_format must be of type text\",\"type\":\"invalid_request_error\",\"param\":\"response_format\",\"code\":\"unsupported_value\"}}"),
                Arguments.of(
                        new ContextLengthException("have 9 tokens"),
                        400,
                        "{\"error\":{\"message\":\"messages have 9 tokens\",\"type\":\"invalid_request_error\",\"param\":\"messages\",\"code\":\"context_length_exceeded\"}}"),
                Arguments.of(
                        new UnfetchablePictureException("picture a.png cannot be fetched", null),
                        422,
                        "{\"error\":{\"message\":\"picture a.png cannot be fetched\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_image\"}}"),
                Arguments.of(
                        new UnreadablePictureException("picture a.png is cut off", null),
                        400,
                        "{\"error\":{\"message\":\"picture a.png is cut off\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"invalid_image\"}}"),
                Arguments.of(
                        new UnreadablePictureException("picture a.png is cut off", null).at("messages[0].content[1]"),
                        400,
                        "{\"error\":{\"message\":\"picture a.png is cut off\",\"type\":\"invalid_request_error\",\"param\":\"messages[0].content[1]\",\"code\":\"invalid_image\"}}"),
                Arguments.of(
                        new UnfetchablePictureException("picture a.png cannot be fetched", null)
                                .at("messages[0].content[1]"),
                        422,
                        "{\"error\":{\"message\":\"picture a.png cannot be fetched\",\"type\":\"invalid_request_error\",\"param\":\"messages[0].content[1]\",\"code\":\"invalid_image\"}}"),
                Arguments.of(
                        new InvalidRequestException("image_url", "cannot be used").within("messages[0].content[1]"),
                        400,
                        "{\"error\":{\"message\":\"messages[0].content[1].image_url cannot be used\",\"type\":\"invalid_request_error\",\"param\":\"messages[0].content[1].image_url\",\"code\":null}}"),
                Arguments.of(
                        new ModelNotServedException("gpt-5", List.of("shapes-vl", "vlm")),
                        404,
                        "{\"error\":{\"message\":\"The model \\\"gpt-5\\\" is not served here: ask for shapes-vl or vlm\",\"type\":\"invalid_request_error\",\"param\":\"model\",\"code\":\"model_not_found\"}}"),
                Arguments.of(
                        new QueueFullException("64 requests wait"),
                        429,
                        "{\"error\":{\"message\":\"64 requests wait\",\"type\":\"rate_limit_exceeded\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}"),
                Arguments.of(
                        new EngineUnavailableException("the model is loading"),
                        503,
                        "{\"error\":{\"message\":\"the model is loading\",\"type\":\"service_unavailable\",\"param\":null,\"code\":\"service_unavailable\"}}"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void tellsTheFailuresOfTheDomain(Exception failure, int status, String json) {
        OpenAiError error = OpenAiError.of(failure);

        assertThat(error.status()).isEqualTo(status);
        assertThat(error.toJson()).isEqualTo(json);
    }

    @Test
    void keepsWhatConcernsOnlyTheServerToItself() {
        for (Exception failure : new Exception[] {
            new ModelLoadException("/srv/secret/model is missing"), new NullPointerException("at /srv/secret")
        }) {
            OpenAiError error = OpenAiError.of(failure);

            assertThat(error.status()).isEqualTo(500);
            assertThat(error.error().type()).isEqualTo("server_error");
            assertThat(error.toJson()).doesNotContain("secret");
        }
    }
}
