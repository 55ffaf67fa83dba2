package io.github.camelvlm.remote;

import static io.github.camelvlm.remote.ScriptedServer.chunk;
import static io.github.camelvlm.remote.ScriptedServer.content;
import static io.github.camelvlm.remote.ScriptedServer.end;
import static io.github.camelvlm.remote.ScriptedServer.error;
import static io.github.camelvlm.remote.ScriptedServer.events;
import static io.github.camelvlm.remote.ScriptedServer.neverEndingAfter;
import static io.github.camelvlm.remote.ScriptedServer.role;
import static io.github.camelvlm.remote.ScriptedServer.saying;
import static io.github.camelvlm.remote.ScriptedServer.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.SeenPicture;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an engine makes of what a server says. */
class RemoteEngineTest extends RemoteTestSupport {
    @Test
    void putsAnAnswerTogetherAndHandsItOnPieceByPiece() throws Exception {
        ScriptedServer server = server(events(
                role(),
                content("Two "),
                content("cats."),
                end("length"),
                "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[],\"usage\":"
                        + "{\"prompt_tokens\":40,\"completion_tokens\":2,\"total_tokens\":42,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":32}}}",
                "[DONE]"));
        Generation generation = engine(server)
                .generate(new ChatRequest(
                        List.of(new Message(
                                Role.USER,
                                List.of(
                                        new ImagePart(new EncodedImage("cats.png", new byte[] {1, 2})),
                                        new TextPart("What?")))),
                        SamplingOptions.NONE,
                        LIMIT));

        assertThat(generation.next()).map(Delta::text).contains("Two ");
        assertThat(generation.next()).map(Delta::text).contains("cats.");
        assertThat(generation.next()).isEmpty();
        Completion completion = generation.await();
        assertThat(completion.text()).isEqualTo("Two cats.");
        assertThat(completion.model()).isEqualTo("m");
        assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(completion.usage()).isEqualTo(new Usage(40, 2, 32));
        assertThat(completion.pictures()).containsExactly(new SeenPicture("cats.png", 2, 1));
        assertThat(completion.timings().firstToken())
                .isPositive()
                .isLessThanOrEqualTo(completion.timings().total());
        // Neither the role nor an end that brings nothing is a piece.
        assertThat(completion.timings().betweenTokens())
                .singleElement()
                .satisfies(gap -> assertThat(gap.plus(completion.timings().firstToken()))
                        .isLessThanOrEqualTo(completion.timings().total()));
    }

    @Test
    void asksAServerForAnAdapterByItsName() throws Exception {
        ScriptedServer server = server(saying("Hi"));

        engine(server)
                .generate(ask(SamplingOptions.NONE, LIMIT).withAdapter("labels"))
                .await();

        assertThat(new ObjectMapper()
                        .readTree(server.requests().get(0))
                        .get("model")
                        .asText())
                .isEqualTo("labels");
    }

    @Test
    void writesWhatIsNotOpenAisUnderTheNamesOfVllm() throws Exception {
        ScriptedServer server = server(saying("Hi"));

        engine(server)
                .generate(ask(
                        SamplingOptions.builder()
                                .maxTokens(5)
                                .topK(40)
                                .minP(0.1)
                                .repetitionPenalty(1.05)
                                .topLogprobs(2)
                                .seed(7L)
                                .minTokens(3)
                                .stopTokenIds(List.of(5))
                                .includeStop(true)
                                .badWords(List.of("no"))
                                .allowedTokenIds(List.of(6, 7))
                                .build(),
                        LIMIT))
                .await();

        JsonNode sent = new ObjectMapper().readTree(server.requests().get(0));
        assertThat(sent)
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                                + "\"max_tokens\":5,\"top_k\":40,\"min_p\":0.1,\"seed\":7,\"repetition_penalty\":1.05,"
                                + "\"min_tokens\":3,\"stop_token_ids\":[5],\"include_stop_str_in_output\":true,"
                                + "\"bad_words\":[\"no\"],\"allowed_token_ids\":[6,7],"
                                + "\"logprobs\":true,\"top_logprobs\":2,\"stream\":true,"
                                + "\"stream_options\":{\"include_usage\":true}}"));
    }

    @Test
    void joinsCallsOfToolsThatComeInPieces() throws Exception {
        ScriptedServer server = server(events(
                chunk(
                        "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":"
                                + "{\"name\":\"look\",\"arguments\":\"\"}}]}",
                        "null"),
                chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"at\\\"\"}}]}", "null"),
                chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\": 1}\"}}]}", "null"),
                chunk(
                        "{\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"go\",\"arguments\":\"{}\"}}]}",
                        "null"),
                end("tool_calls"),
                "[DONE]"));

        Completion completion = answer(engine(server));

        assertThat(completion.toolCalls())
                .containsExactly(new ToolCall("a", "look", "{\"at\": 1}"), new ToolCall("b", "go", "{}"));
        assertThat(completion.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(completion.timings().betweenTokens()).hasSize(3);
    }

    @Test
    void refusesWhatNoStreamTells() throws Exception {
        RemoteEngine engine = engine(server(saying("Hi")));

        assertThatThrownBy(() -> engine.generate(
                        ask(SamplingOptions.builder().promptLogprobs(1).build(), LIMIT)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("prompt_logprobs are not to be had from a server elsewhere");
    }

    @Test
    void knowsTheTrueEndFromAnotherInstanceOfThisApplication() throws Exception {
        ScriptedServer server = server(events(
                content("Hi"),
                end("length").replace("\"length\"", "\"length\",\"vlm_finish_reason\":\"time_limit\""),
                "[DONE]"));

        assertThat(answer(engine(server)).finishReason()).isEqualTo(FinishReason.TIME_LIMIT);
    }

    @Test
    void tellsLogProbabilitiesWithTheBytesOfTokens() throws Exception {
        ScriptedServer server = server(events(
                "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"delta\":{\"content\":\"é\"},\"finish_reason\":\"stop\",\"logprobs\":{\"content\":[{\"token\":"
                        + "\"é\",\"logprob\":-0.5,\"bytes\":[195,169],\"top_logprobs\":[{\"token\":\"e\",\"logprob\":-2.0}]}]}}]}",
                "[DONE]"));

        Completion completion = answer(engine(server));

        assertThat(completion.logprobs()).singleElement().satisfies(token -> {
            assertThat(token.bytes()).isEqualTo("é".getBytes(StandardCharsets.UTF_8));
            assertThat(token.logprob()).isEqualTo(-0.5);
            assertThat(token.top())
                    .singleElement()
                    .satisfies(top -> assertThat(top.bytes()).containsExactly('e'));
        });
    }

    @Test
    void endsAtTheTimeLimitWhereAServerHangsBeforeItsHeaders() throws Exception {
        ScriptedServer server = server(silence(over));
        long start = System.nanoTime();

        Completion completion = engine(server)
                .generate(ask(SamplingOptions.NONE, Duration.ofMillis(300)))
                .await();

        assertThat(completion.finishReason()).isEqualTo(FinishReason.TIME_LIMIT);
        assertThat(completion.text()).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void keepsWhatWasSaidBeforeTheTimeLimit() throws Exception {
        Completion completion = engine(server(neverEndingAfter(content("Hel"))))
                .generate(ask(SamplingOptions.NONE, Duration.ofMillis(500)))
                .await();

        assertThat(completion.finishReason()).isEqualTo(FinishReason.TIME_LIMIT);
        assertThat(completion.text()).isEqualTo("Hel");
    }

    @Test
    void closesTheConnectionOfAnAnswerThatIsCancelled() throws Exception {
        ScriptedServer server = server(neverEndingAfter(content("Hel")));
        RemoteEngine engine = engine(server);
        Generation generation = engine.generate(ask(SamplingOptions.NONE, null));
        generation.next();

        generation.cancel();

        assertThat(generation.await().finishReason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(generation.await().text()).isEqualTo("Hel");
        assertThat(server.awaitClientLeft()).isTrue();
        until("it is counted", () -> engine.statistics().ended().get(FinishReason.CANCELLED) != null);
        assertThat(engine.statistics().running()).isZero();
    }

    @Test
    void cancelsWhatWaitsForABusyServer() throws Exception {
        ScriptedServer server = server(error(429, "busy", "Retry-After", "4"));
        Generation generation = engine(server).generate(ask(SamplingOptions.NONE, null));
        until("it is asked", () -> !server.requests().isEmpty());

        generation.cancel();

        assertThat(generation.await().finishReason()).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void failsWhatRunsWhenItIsClosed() throws Exception {
        RemoteEngine engine = engine(server(neverEndingAfter(content("Hel"))));
        Generation generation = engine.generate(ask(SamplingOptions.NONE, null));
        generation.next();

        engine.shutdown(Duration.ofMillis(50));

        assertThatThrownBy(generation::await)
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessage("The engine of model m is closed");
        assertThatThrownBy(() -> engine.generate(ask(SamplingOptions.NONE, null)))
                .isInstanceOf(EngineUnavailableException.class);
    }

    @Test
    void makesSeveralAnswersWithSeedsOfTheirOwn() throws Exception {
        ScriptedServer server = server(saying("Hi"));

        for (Generation generation :
                engine(server).generate(ask(SamplingOptions.builder().seed(5L).build(), LIMIT), 3)) {
            assertThat(generation.await().text()).isEqualTo("Hi");
        }

        assertThat(server.requests())
                .extracting(
                        body -> new ObjectMapper().readTree(body).get("seed").asInt())
                .containsExactlyInAnyOrder(5, 6, 7);
    }

    @Test
    void takesTheModelThatAServerTellsOf() throws Exception {
        ScriptedServer server = server(saying("Hi"));
        RemoteEngine engine = new RemoteEngine(
                new RemoteOptions(List.of(server.url()), null, null, LIMIT, 8, 64),
                picture -> new SeenPicture(picture.name(), 1, 1));
        open.add(0, engine);

        assertThat(engine.info().name()).isEqualTo("m");
        assertThat(engine.info().contextLength()).isEqualTo(4096);
    }

    private static String listed(String id, String root, String parent) {
        return "{\"id\":\"" + id + "\",\"object\":\"model\",\"created\":1,\"owned_by\":\"x\",\"root\":\"" + root
                + "\",\"parent\":" + (parent == null ? "null" : "\"" + parent + "\"") + "}";
    }

    private static ScriptedServer.Script listing(String... models) {
        return ScriptedServer.json(200, "{\"object\":\"list\",\"data\":[" + String.join(",", models) + "]}");
    }

    /** As vLLM tells them: the parent is the first of the model's names. */
    @Test
    void tellsOfTheAdaptersThatAllServersHaveBesideTheModel() throws Exception {
        ScriptedServer one = server(saying("Hi"));
        one.answerProbes(listing(
                listed("base", "/models/qwen", null),
                listed("alias", "/models/qwen", null),
                listed("other", "/models/other", null),
                listed("labels", "/lora/labels", "base"),
                listed("ocr", "/lora/ocr", "base"),
                listed("others", "/lora/others", "other")));
        ScriptedServer two = server(saying("Hi"));
        two.answerProbes(listing(listed("alias", "/models/qwen", null), listed("labels", "/lora/labels", "alias")));
        RemoteEngine engine = new RemoteEngine(
                new RemoteOptions(List.of(one.url(), two.url()), null, "alias", LIMIT, 8, 64),
                picture -> new SeenPicture(picture.name(), 1, 1));
        open.add(0, engine);

        assertThat(engine.info().adapters()).containsExactly(Map.entry("labels", "/lora/labels"));
    }
}
