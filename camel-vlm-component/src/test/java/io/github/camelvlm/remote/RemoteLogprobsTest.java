package io.github.camelvlm.remote;

import static io.github.camelvlm.remote.ScriptedServer.end;
import static io.github.camelvlm.remote.ScriptedServer.error;
import static io.github.camelvlm.remote.ScriptedServer.events;
import static io.github.camelvlm.remote.ScriptedServer.json;
import static io.github.camelvlm.remote.ScriptedServer.role;
import static io.github.camelvlm.remote.ScriptedServer.saying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.SamplingOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How sure models elsewhere are, where their servers tell it. */
class RemoteLogprobsTest extends RemoteTestSupport {

    private static Completion confidentAnswer(RemoteEngine engine) throws InterruptedException {
        return engine.generate(ask(SamplingOptions.NONE, LIMIT).withLogprobsIfTold())
                .await();
    }

    private static String token(String logprobs) {
        return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"delta\":{\"content\":\"Yes\"},\"finish_reason\":null,\"logprobs\":" + logprobs + "}]}";
    }

    @Test
    void takesThemFromAServerThatTellsThem() throws Exception {
        ScriptedServer server = server(events(
                role(),
                token(
                        "{\"content\":[{\"token\":\"Yes\",\"bytes\":[89,101,115],\"logprob\":-0.5,\"top_logprobs\":[]}]}"),
                end("stop"),
                "[DONE]"));

        Completion answer = confidentAnswer(engine(server));

        assertThat(server.requests().get(0)).contains("\"logprobs\":true");
        assertThat(answer.confidence()).hasValueCloseTo(Math.exp(-0.5), within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400 {\"error\":{\"message\":\"logprobs is not supported by this model\",\"type\":\"t\"}}",
                "400 {\"error\":{\"message\":\"Unsupported parameter\",\"param\":\"logprobs\",\"type\":\"t\"}}",
                "403 {\"error\":{\"message\":\"You are not allowed to request logprobs from this model\"}}",
                "422 {\"detail\":[{\"loc\":[\"body\",\"top_logprobs\"],\"msg\":\"Extra inputs are not permitted\"}]}",
                "500 {\"error\":{\"message\":\"logprobs is not supported for models with logits_all=False\"}}",
                "200 {\"error\":{\"message\":\"logprobs are not supported\",\"type\":\"invalid_request_error\"}}"
            })
    void goesOnWithoutThemWhereAServerRefusesThem(String refusal) throws Exception {
        int status = Integer.parseInt(refusal.substring(0, 3));
        String body = refusal.substring(4);
        ScriptedServer server = server(status == 200 ? events(body) : json(status, body), saying("Yes"));
        RemoteEngine engine = engine(server);

        assertThat(confidentAnswer(engine).text()).isEqualTo("Yes");
        assertThat(confidentAnswer(engine).text()).isEqualTo("Yes");

        assertThat(server.requests()).hasSize(3);
        assertThat(server.requests().get(0)).contains("logprobs");
        assertThat(server.requests().subList(1, 3)).noneMatch(request -> request.contains("logprobs"));
    }

    @Test
    void asksAServerThatPassesThemOverNoMore() throws Exception {
        ScriptedServer server = server(saying("Yes"));
        RemoteEngine engine = engine(server);

        assertThat(confidentAnswer(engine).confidence()).isEmpty();
        assertThat(confidentAnswer(engine).text()).isEqualTo("Yes");

        assertThat(server.requests().get(0)).contains("logprobs");
        assertThat(server.requests().get(1)).doesNotContain("logprobs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "17",
                "{\"content\":17}",
                "{\"content\":[{\"token\":\"Yes\"}]}",
                "{\"content\":[{\"token\":\"Yes\",\"logprob\":null}]}",
                "{\"tokens\":[\"Yes\"],\"token_logprobs\":[-0.5]}"
            })
    void answersWhateverElseAServerTellsInTheirPlace(String logprobs) throws Exception {
        ScriptedServer server = server(events(role(), token(logprobs), end("stop"), "[DONE]"));

        Completion answer = confidentAnswer(engine(server));

        assertThat(answer.text()).isEqualTo("Yes");
        assertThat(answer.confidence()).isEmpty();
    }

    @Test
    void goesOnAskingAServerThatRefusesOneRequestForSomethingElse() throws Exception {
        ScriptedServer server = server(
                error(400, "The prompt is too long, with max_tokens=1 and logprobs=true"),
                error(400, "The prompt is too long"),
                saying("Yes"));
        RemoteEngine engine = engine(server);

        assertThatThrownBy(() -> confidentAnswer(engine)).hasMessageContaining("The prompt is too long");
        confidentAnswer(engine);

        assertThat(server.requests().get(2)).contains("logprobs");
    }

    @Test
    void knowsOfEachServerByItself() throws Exception {
        ScriptedServer refusing = server(error(400, "no logprobs here"), saying("Yes"));
        RemoteEngine one = engine(refusing);
        confidentAnswer(one);
        ScriptedServer telling = server(saying("Yes"));

        confidentAnswer(engine(telling));

        assertThat(telling.requests().get(0)).contains("logprobs");
    }

    @Test
    void failsWhereARequestIsOfNoUseWithoutThem() throws Exception {
        ScriptedServer server = server(error(400, "logprobs is not supported"), saying("Yes"));
        SamplingOptions asked = SamplingOptions.builder().topLogprobs(0).build();

        assertThatThrownBy(() -> engine(server).generate(ask(asked, LIMIT)).await())
                .isInstanceOf(InvalidRequestException.class);

        assertThat(server.requests()).hasSize(1);
    }
}
