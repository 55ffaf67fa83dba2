package io.github.camelvlm.remote;

import static io.github.camelvlm.remote.ScriptedServer.end;
import static io.github.camelvlm.remote.ScriptedServer.error;
import static io.github.camelvlm.remote.ScriptedServer.events;
import static io.github.camelvlm.remote.ScriptedServer.json;
import static io.github.camelvlm.remote.ScriptedServer.role;
import static io.github.camelvlm.remote.ScriptedServer.saying;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.RepetitionBounds;
import io.github.camelvlm.chat.SamplingOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That answers of models elsewhere are ended where they repeat themselves, by servers that know how. */
class RemoteRepetitionTest extends RemoteTestSupport {
    private static final SamplingOptions GUARDED =
            SamplingOptions.builder().repetition(RepetitionBounds.OF_TEXT).build();

    private static Completion guarded(RemoteEngine engine) throws InterruptedException {
        return engine.generate(ask(GUARDED, LIMIT)).await();
    }

    @Test
    void asksForItInVllmsWords() throws Exception {
        ScriptedServer server = server(saying("Yes"));

        guarded(engine(server));

        assertThat(server.requests().get(0))
                .contains(
                        "\"repetition_detection\":{\"max_pattern_size\":1024,\"min_pattern_size\":22,\"min_count\":3}");
    }

    @Test
    void saysNothingOfItWhereNothingIsSaid() throws Exception {
        ScriptedServer server = server(saying("Yes"));

        engine(server).generate(ask(SamplingOptions.NONE, LIMIT)).await();

        assertThat(server.requests().get(0)).doesNotContain("repetition");
    }

    @ParameterizedTest
    @ValueSource(strings = {"repetition", "length\",\"vlm_finish_reason\":\"repetition"})
    void knowsThatItWasTheReason(String reason) throws Exception {
        ScriptedServer server = server(events(role(), end("stop").replace("stop", reason), "[DONE]"));

        assertThat(guarded(engine(server)).finishReason()).isEqualTo(FinishReason.REPETITION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400 {\"error\":{\"message\":\"Unrecognized request argument supplied: repetition_detection\"}}",
                "400 {\"error\":{\"message\":\"Unsupported\",\"param\":\"repetition_detection\",\"type\":\"t\"}}",
                "422 {\"detail\":[{\"loc\":[\"body\",\"repetition_detection\"],\"msg\":\"Extra inputs are not permitted\"}]}",
                "200 {\"error\":{\"message\":\"repetition_detection: no\",\"type\":\"invalid_request_error\"}}"
            })
    void goesOnWithoutItWhereAServerRefusesIt(String refusal) throws Exception {
        int status = Integer.parseInt(refusal.substring(0, 3));
        String body = refusal.substring(4);
        ScriptedServer server = server(status == 200 ? events(body) : json(status, body), saying("Yes"));
        RemoteEngine engine = engine(server);

        assertThat(guarded(engine).text()).isEqualTo("Yes");
        assertThat(guarded(engine).text()).isEqualTo("Yes");

        assertThat(server.requests()).hasSize(3);
        assertThat(server.requests().get(0)).contains("repetition_detection");
        assertThat(server.requests().subList(1, 3)).noneMatch(request -> request.contains("repetition_detection"));
    }

    /** One refusal after the other, as of servers that name the first field that they do not know. */
    @Test
    void goesOnWithoutLogProbabilitiesTooWhereAServerRefusesBoth() throws Exception {
        ScriptedServer server =
                server(error(400, "repetition_detection is unknown"), error(400, "logprobs is unknown"), saying("Yes"));
        RemoteEngine engine = engine(server);

        assertThat(engine.generate(ask(GUARDED, LIMIT).withLogprobsIfTold())
                        .await()
                        .text())
                .isEqualTo("Yes");
        assertThat(engine.generate(ask(GUARDED, LIMIT).withLogprobsIfTold())
                        .await()
                        .text())
                .isEqualTo("Yes");

        assertThat(server.requests()).hasSize(4);
        assertThat(server.requests().get(1)).contains("logprobs").doesNotContain("repetition_detection");
        assertThat(server.requests().subList(2, 4))
                .noneMatch(request -> request.contains("logprobs") || request.contains("repetition_detection"));
    }

    @Test
    void keepsAskingForLogProbabilitiesWhereAServerRefusesOnlyThis() throws Exception {
        ScriptedServer server = server(error(400, "repetition_detection is unknown"), saying("Yes"));
        SamplingOptions asked = SamplingOptions.builder().topLogprobs(2).build().orElse(GUARDED);

        engine(server).generate(ask(asked, LIMIT)).await();

        assertThat(server.requests().get(1)).contains("\"top_logprobs\":2").doesNotContain("repetition_detection");
    }
}
