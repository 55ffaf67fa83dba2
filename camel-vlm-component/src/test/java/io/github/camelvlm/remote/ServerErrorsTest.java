package io.github.camelvlm.remote;

import static io.github.camelvlm.remote.ScriptedServer.content;
import static io.github.camelvlm.remote.ScriptedServer.error;
import static io.github.camelvlm.remote.ScriptedServer.events;
import static io.github.camelvlm.remote.ScriptedServer.json;
import static io.github.camelvlm.remote.ScriptedServer.saying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ContextLengthException;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.chat.UpstreamAccessException;
import io.github.camelvlm.chat.UpstreamException;
import io.github.camelvlm.chat.VlmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that refuse, or say what they must not. */
class ServerErrorsTest extends RemoteTestSupport {
    @Test
    void takesAnAnswerWithoutAReasonOfItsEndForABrokenOne() throws Exception {
        assertThat(failure(engine(server(events(content("Hel"), "[DONE]")))))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("the answer has no end");
    }

    @Test
    void namesTheRefusalOfAKeyAndNotTheKey() throws Exception {
        ScriptedServer server = server(error(401, "Incorrect API key provided: key-1234"));

        assertThat(failure(engine(server)))
                .isInstanceOf(UpstreamAccessException.class)
                .hasMessageContaining("refuses the key")
                .hasMessageNotContaining("key-1234");
    }

    @Test
    void takesTheKeyOutOfWhatServersSay() throws Exception {
        assertThat(failure(engine(server(error(400, "no such thing as key-1234")))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("no such thing as …");
    }

    @Test
    void refusesAnAnswerWithoutEnd() throws Exception {
        assertThat(failure(engine(server(ScriptedServer.endless('x')))))
                .isInstanceOf(UpstreamException.class)
                .hasMessageContaining("sends more than");
    }

    @Test
    void refusesAnErrorWithoutEnd() throws Exception {
        ScriptedServer server = server(exchange -> {
            exchange.sendResponseHeaders(500, 0);
            while (true) {
                exchange.getResponseBody().write(new byte[8192]);
            }
        });

        assertThat(failure(engine(server))).isInstanceOf(VlmException.class);
        assertThat(server.awaitClientLeft()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data: {\"choices\": [}",
                "data: []",
                "data: {\"choices\": 7}",
                "data: {\"choices\": [{\"delta\": {\"content\": {\"a\": 1}}}]}",
                "data: {\"choices\": [], \"usage\": {\"prompt_tokens\": 1e99}}",
                "<html>Welcome</html>",
                "{\"object\":\"chat.completion\"}",
            })
    void refusesWhatIsNoAnswer(String body) throws Exception {
        ScriptedServer server = server(json(200, body + "\n\n"));

        assertThat(failure(engine(server)))
                .isInstanceOf(UpstreamException.class)
                .hasMessageContaining(server.url().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "400, io.github.camelvlm.chat.InvalidRequestException",
        "403, io.github.camelvlm.chat.UpstreamAccessException",
        "404, io.github.camelvlm.chat.ModelNotServedException",
        "405, io.github.camelvlm.chat.UpstreamException",
        "413, io.github.camelvlm.chat.InvalidRequestException",
        "422, io.github.camelvlm.chat.InvalidRequestException",
        "302, io.github.camelvlm.chat.UpstreamException",
        "500, io.github.camelvlm.chat.UpstreamException"
    })
    void saysWhatAStatusMeans(int status, Class<? extends VlmException> expected) throws Exception {
        assertThat(failure(engine(server(error(status, "because of this"))))).isExactlyInstanceOf(expected);
    }

    @Test
    void tellsFieldsAndCodesOfAServersRefusalsAsItsOwn() throws Exception {
        ScriptedServer server = server(
                json(400, "{\"error\":{\"message\":\"top_p must be nice\",\"param\":\"top_p\",\"code\":\"bad\"}}"),
                json(
                        400,
                        "{\"error\":{\"message\":\"messages are too long\",\"param\":\"messages\","
                                + "\"code\":\"context_length_exceeded\"}}"),
                json(400, "{\"error\":{\"message\":\"picture is cut off\",\"code\":\"invalid_image\"}}"),
                json(422, "{\"error\":{\"message\":\"picture is empty\",\"code\":\"invalid_image\"}}"),
                json(404, "{\"object\":\"error\",\"message\":\"The model `m` does not exist.\",\"code\":404}"));
        RemoteEngine engine = engine(server);

        assertThat(failure(engine))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.field()).isEqualTo("top_p"))
                .hasMessage("top_p must be nice");
        assertThat(failure(engine)).isInstanceOf(ContextLengthException.class).hasMessage("messages are too long");
        assertThat(failure(engine))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessage("picture is cut off");
        assertThat(failure(engine))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessage("picture is empty");
        assertThat(failure(engine))
                .isInstanceOf(ModelNotServedException.class)
                .hasMessageContaining("The model `m` does not exist");
    }

    @Test
    void takesAServersOwnTimeLimitForTheEndOfTheTime() throws Exception {
        assertThat(answer(engine(server(error(504, "late")))).finishReason()).isEqualTo(FinishReason.TIME_LIMIT);
    }

    @Test
    void saysThatAServerHasNoWayToTokens() throws Exception {
        RemoteEngine engine = engine(server(saying("Hi")));

        assertThatThrownBy(() -> engine.tokenizer().encode("text", true))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("is not served at")
                .hasMessageContaining("/tokenize");
        assertThatThrownBy(() -> engine.tokenizer().decode(new int[] {1}))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("/detokenize");
    }

    @Test
    void sendsNoKeyWhereThereIsNone() throws Exception {
        List<Optional<String>> keys = new ArrayList<>();
        ScriptedServer server = server(exchange -> {
            keys.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")));
            saying("Hi").play(exchange);
        });

        answer(engine(null, LIMIT, server));
        answer(engine("key-1234", LIMIT, server));

        assertThat(keys).containsExactly(Optional.empty(), Optional.of("Bearer key-1234"));
    }
}
