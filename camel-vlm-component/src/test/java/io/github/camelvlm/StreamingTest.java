package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.ChunkStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamingTest extends VlmTestSupport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENDLESS = """
            {"messages": [{"role": "user", "content": "Go on."}], "stream": true, "max_tokens": 3000,
             "logit_bias": {"1010": -100, "1012": -100}}
            """;

    private final List<Exchange> told = new CopyOnWriteArrayList<>();
    private Object body;

    @Override
    protected RouteBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:describe")
                        .to("vlm:describe?streaming=true&" + MODEL)
                        .split(body())
                        .streaming()
                        .process(told::add);
                from("direct:chat")
                        .to("vlm:chat?" + MODEL)
                        .process(exchange -> body = exchange.getMessage().getBody())
                        .split(body())
                        .streaming()
                        .process(told::add);
                from("direct:abandoned")
                        .to("vlm:chat?" + MODEL)
                        .process(exchange -> body = exchange.getMessage().getBody());
            }
        };
    }

    @BeforeEach
    void forget() {
        told.clear();
    }

    private List<ChatCompletionChunk> chunks() {
        return told.stream()
                .map(exchange -> exchange.getMessage().getBody(ChatCompletionChunk.class))
                .toList();
    }

    private static String text(List<ChatCompletionChunk> chunks) {
        return chunks.stream()
                .flatMap(chunk -> chunk.choices().stream())
                .map(choice -> choice.delta().content())
                .filter(Objects::nonNull)
                .collect(Collectors.joining());
    }

    private static String lastReason(List<ChatCompletionChunk> chunks) {
        return chunks.get(chunks.size() - 1).choices().get(0).finishReason();
    }

    @Test
    void describesAPictureInChunks() throws Exception {
        send(
                "direct:describe",
                exchange -> exchange.getMessage()
                        .setBody(GoldenCase.picture(ONE_SHAPE).bytes()));

        assertThat(text(chunks())).isEqualTo(ONE_SHAPE_CAPTION);
        assertThat(lastReason(chunks())).isEqualTo("stop");
        assertThat(chunks()).hasSizeGreaterThan(5);
        assertThat(told.get(0).getMessage().getHeaders())
                .containsEntry(VlmConstants.RESPONSE_MODEL, "shapes-vl")
                .containsEntry(VlmConstants.RESPONSE_ID, chunks().get(0).id());
    }

    @Test
    void answersAStreamedRequestInChunksWithItsUsage() throws Exception {
        GoldenCase golden = GoldenCase.shapes("cut by max_tokens");
        ObjectNode request = (ObjectNode) JSON.readTree(ChatTest.request(golden));
        request.put("stream", true).putObject("stream_options").put("include_usage", true);

        send("direct:chat", exchange -> exchange.getMessage().setBody(request.toString()));

        List<ChatCompletionChunk> chunks = chunks();
        assertThat(text(chunks)).isEqualTo(golden.text("text"));
        assertThat(lastReason(chunks.subList(0, chunks.size() - 1))).isEqualTo("length");
        assertThat(chunks.get(chunks.size() - 1).choices()).isEmpty();
        assertThat(chunks.get(chunks.size() - 1).usage().promptTokens())
                .isEqualTo(golden.json().get("prompt_tokens").asInt());
        assertThat(chunks.get(chunks.size() - 1).usage().completionTokens())
                .isEqualTo(golden.ints("generated_token_ids").length);
    }

    @Test
    void letsTheRequestDecideBeforeHeaderAndOption() throws Exception {
        ObjectNode request = (ObjectNode) JSON.readTree(ChatTest.request(GoldenCase.shapes("two turns")));

        assertThat(chat("&streaming=true", null, request)).isInstanceOf(ChunkStream.class);
        assertThat(chat("", true, request)).isInstanceOf(ChunkStream.class);
        assertThat(chat("&streaming=true", false, request)).isInstanceOf(ChatCompletion.class);
        assertThat(chat("&streaming=true", true, request.put("stream", false))).isInstanceOf(ChatCompletion.class);
        assertThat(chat("", false, request.put("stream", true))).isInstanceOf(ChunkStream.class);
    }

    private Object chat(String option, Boolean header, ObjectNode request) throws Exception {
        return send("vlm:chat?" + MODEL + option, exchange -> {
                    exchange.getMessage().setHeader(VlmConstants.STREAMING, header);
                    exchange.getMessage().setBody(request.toString());
                })
                .getMessage()
                .getBody();
    }

    @Test
    void convertsAChunkToTextBytesAndStream() throws Exception {
        send(
                "direct:describe",
                exchange -> exchange.getMessage()
                        .setBody(GoldenCase.picture(ONE_SHAPE).bytes()));

        String json = chunks().get(1).toJson();
        assertThat(told.get(1).getMessage().getBody(String.class)).isEqualTo(json);
        assertThat(told.get(1).getMessage().getBody(byte[].class)).asString().isEqualTo(json);
        assertThat(told.get(1).getMessage().getBody(InputStream.class)).hasContent(json);
    }

    @Test
    void cancelsAStreamThatNobodyHasReadWhenTheExchangeIsDone() throws Exception {
        send("direct:abandoned", exchange -> exchange.getMessage().setBody(ENDLESS));

        List<ChatCompletionChunk> rest = new ArrayList<>();
        ((ChunkStream) body).forEachRemaining(rest::add);
        assertThat(lastReason(rest)).isEqualTo("length");
        assertThat(rest.get(rest.size() - 1).choices().get(0).vlmFinishReason()).isEqualTo("cancelled");
        assertThat(((ChunkStream) body).completions().get(0).usage().completionTokens())
                .isLessThan(3000);
    }

    @Test
    void refusesAHeaderThatIsNoYesOrNo() {
        assertThatThrownBy(() -> send("vlm:chat?" + MODEL, exchange -> {
                    exchange.getMessage().setHeader(VlmConstants.STREAMING, List.of("x"));
                    exchange.getMessage().setBody(ENDLESS.replace("\"stream\": true,", ""));
                }))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("CamelVlmStreaming must be of type Boolean");
    }

    @Test
    void refusesAWrongRequestBeforeAnyChunk() {
        assertThatThrownBy(() ->
                        send("direct:chat", exchange -> exchange.getMessage().setBody(ENDLESS.replace("3000", "0"))))
                .isInstanceOf(InvalidRequestException.class);
        assertThat(told).isEmpty();
    }
}
