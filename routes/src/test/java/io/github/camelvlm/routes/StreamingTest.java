package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers in pieces, and clients that leave, over plain HTTP. The engine answers one request at a time here. */
class StreamingTest {
    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of(
                "vlm.max-sequences", "1",
                "vlm.queue-length", "4",
                "api.keep-alive-millis", "100",
                "api.patience-millis", "500"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void letTheLastTestEnd() throws Exception {
        Await.until("no request in hand", () -> service.requestsInHand() == 0);
    }

    private static ObjectNode streamed(ObjectNode request) {
        return request.put("stream", true);
    }

    /** An answer that would take minutes. */
    private static ObjectNode endless() throws Exception {
        return Conversations.longAnswer(3900).put("ignore_eos", true);
    }

    @Test
    void sendsTheWholeAnswerInPieces() throws Exception {
        String question = "Describe this image.";
        ObjectNode request = streamed(Conversations.describe("one-shape.png", question));
        request.putObject("stream_options").put("include_usage", true);

        RunningService.Reply reply = service.chat(request.toString());

        assertThat(reply.header("Content-Type")).startsWith("text/event-stream");
        List<String> lines =
                reply.text().lines().filter(line -> !line.isEmpty()).toList();
        assertThat(lines).last().isEqualTo("data: [DONE]");
        List<JsonNode> chunks = EventStream.chunks(lines);
        assertThat(chunks.get(0).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(chunks.stream()
                        .map(chunk -> chunk.at("/choices/0/delta/content").asText(""))
                        .collect(Collectors.joining()))
                .isEqualTo(Goldens.caption("one-shape.png"));
        assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asText())
                .isEqualTo("stop");
        assertThat(chunks.get(chunks.size() - 1).at("/usage/completion_tokens").asInt())
                .isPositive();
        assertThat(chunks)
                .extracting(chunk -> chunk.get("id").asText())
                .containsOnly(chunks.get(0).get("id").asText());
    }

    @Test
    void tellsAnAnswerWhoseTimeIsOverAsOneThatWasCut() throws Exception {
        try (RunningService hurried = new RunningService(Map.of("api.time-limit", "50"))) {
            List<JsonNode> chunks =
                    EventStream.chunks(hurried.chat(streamed(endless()).toString())
                            .text()
                            .lines()
                            .filter(line -> !line.isEmpty())
                            .toList());

            JsonNode end = chunks.get(chunks.size() - 1).at("/choices/0");
            assertThat(end.get("finish_reason").asText()).isEqualTo("length");
            assertThat(end.get("vlm_finish_reason").asText()).isEqualTo("time_limit");
        }
    }

    @Test
    void tellsOfAWrongRequestByItsStatus() throws Exception {
        RunningService.Reply reply = service.chat("{\"stream\":true,\"messages\":[]}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.error().get("message").asText()).isNotBlank();
    }

    @Test
    void sendsCommentsWhileNothingIsSaid() throws Exception {
        try (EventStream running =
                new EventStream(service.port(), streamed(endless()).toString())) {
            running.line();
            // This one waits for the one that runs, and has nothing to say.
            try (EventStream waiting =
                    new EventStream(service.port(), streamed(endless()).toString())) {
                assertThat(waiting.line()).startsWith(": ");
                assertThat(waiting.line()).startsWith(": ");
            }
        }
    }

    @Test
    void endsTheAnswerOfAClientThatLeavesItsStream() throws Exception {
        double before = service.ended("cancelled");
        EventStream stream = new EventStream(service.port(), streamed(endless()).toString());
        stream.line();
        stream.line();
        stream.line();
        stream.close();

        assertThatTheEngineAnswersAnother();
        Await.until("it is counted", () -> service.ended("cancelled") == before + 1);
    }

    @Test
    void endsTheAnswerOfAClientThatLeavesBeforeIt() throws Exception {
        double before = service.ended("cancelled");
        EventStream request = new EventStream(service.port(), endless().toString());
        Await.until("the engine works on it", () -> service.metric("vlm_num_requests_running") == 1);
        EventStream waiting = new EventStream(service.port(), endless().toString());
        Await.until("it waits", () -> service.metric("vlm_num_requests_waiting") == 1);
        EventStream streaming =
                new EventStream(service.port(), streamed(endless()).toString());
        assertThat(streaming.line()).startsWith(": ");
        request.close();
        waiting.close();
        streaming.close();

        assertThatTheEngineAnswersAnother();
        Await.until("the three are counted", () -> service.ended("cancelled") == before + 3);
    }

    @Test
    void leavesAReaderThatTakesNothing() throws Exception {
        ObjectNode much = streamed(endless()).put("logprobs", true).put("top_logprobs", 20);
        try (EventStream slow = new EventStream(service.port(), much.toString())) {
            slow.line();
            // Ten megabytes: more than the connection holds on its way.
            Await.until("the slow reader is left", () -> service.requestsInHand() == 0);

            assertThat(slow.line()).isNotNull();
            assertThatThrownBy(() -> assertThat(slow.lines()).contains("data: [DONE]"))
                    .isInstanceOfAny(AssertionError.class, IOException.class);
        }
    }

    @Test
    void endsTheConnectionOfAClientThatKnowsNoChunks() throws Exception {
        String request = streamed(Conversations.longAnswer(2)).toString();

        String reply = RawHttp.send(
                service.port(),
                "POST /v1/chat/completions HTTP/1.0\r\nConnection: keep-alive\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + request.length() + "\r\n\r\n" + request);

        assertThat(reply).startsWith("HTTP/1.0 200 ").endsWith("data: [DONE]\n\n");
    }

    @Test
    void doesNotWaitForTheBodyOfARequestThatNeedsNone() throws Exception {
        String reply = RawHttp.firstLine(
                service.port(), "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");

        assertThat(reply).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void doesNotWaitForeverForARequest() throws Exception {
        String reply = RawHttp.send(
                service.port(),
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 100\r\n\r\n{");

        assertThat(reply).startsWith("HTTP/1.1 408 ").contains("request_timeout");
    }

    private static void assertThatTheEngineAnswersAnother() throws Exception {
        RunningService.Reply reply = service.chat(
                Conversations.describe("one-shape.png", "Describe this image.").toString());

        assertThat(reply.status()).isEqualTo(200);
    }
}
