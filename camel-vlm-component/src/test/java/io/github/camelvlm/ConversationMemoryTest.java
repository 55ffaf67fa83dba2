package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.openai.ChatCompletion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

class ConversationMemoryTest extends VlmTestSupport {
    private static final String MEMORY = MODEL + "&temperature=0&conversationMemory=true";
    private static final String FIRST = "What color is the background?";
    private static final String SECOND = "How many shapes are there?";

    private final GoldenCase golden = GoldenCase.shapes("two turns");

    @Override
    protected RouteBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:options")
                        .to("vlm:describe?" + MEMORY + "&prompt=" + FIRST)
                        .to("vlm:describe?" + MEMORY + "&prompt=" + SECOND);
                from("direct:bodies")
                        .setHeader(VlmConstants.PROMPT, constant(FIRST))
                        .to("vlm:describe?" + MEMORY)
                        .removeHeader(VlmConstants.PROMPT)
                        .setBody(constant(SECOND))
                        .to("vlm:describe?" + MEMORY);
                from("direct:forgetful")
                        .to("vlm:describe?" + MEMORY + "&prompt=" + FIRST)
                        .to("vlm:describe?" + MODEL + "&prompt=" + SECOND);
                from("direct:thenChat")
                        .to("vlm:describe?" + MEMORY + "&prompt=" + FIRST + "&conversationHistoryProperty=mine")
                        .setBody(constant("{\"messages\":[{\"role\":\"user\",\"content\":\"" + SECOND + "\"}]}"))
                        .to("vlm:chat?" + MEMORY + "&conversationHistoryProperty=mine");
            }
        };
    }

    private static void picture(Exchange exchange) {
        exchange.getMessage().setBody(GoldenCase.picture("two-shapes.png").bytes());
    }

    private static List<?> history(Exchange exchange, String property) {
        return exchange.getProperty(property, List.class);
    }

    private void assertIsGolden(Exchange answered) {
        assertThat(answered.getMessage().getBody(String.class)).isEqualTo(golden.text("text"));
        assertThat(answered.getMessage().getHeader(VlmConstants.PROMPT_TOKENS))
                .isEqualTo(golden.json().get("prompt_tokens").asInt());
    }

    @Test
    void goesOnWithTheConversationAsTransformersDoes() throws Exception {
        assertIsGolden(send("direct:options", ConversationMemoryTest::picture));
    }

    @Test
    void takesATextBodyForTheNextQuestion() throws Exception {
        assertIsGolden(send("direct:bodies", ConversationMemoryTest::picture));
    }

    @Test
    void keepsWhatWasSaidOnBothSides() throws Exception {
        List<?> history =
                history(send("direct:options", ConversationMemoryTest::picture), "CamelVlmConversationHistory");

        assertThat(history).hasOnlyElementsOfType(Message.class).hasSize(4);
        assertThat((Message) history.get(1)).isEqualTo(Message.of(Role.ASSISTANT, "Green."));
        assertThat((Message) history.get(2)).isEqualTo(Message.of(Role.USER, SECOND));
        assertThat((Message) history.get(3)).isEqualTo(Message.of(Role.ASSISTANT, golden.text("text")));
    }

    @Test
    void leavesSystemMessagesOutOfTheHistoryAndInFrontOfIt() throws Exception {
        String uri = "vlm:describe?" + MEMORY + "&systemMessage=You are a helpful assistant.&prompt=";
        Exchange exchange = send(uri + FIRST, ConversationMemoryTest::picture);

        template().send(uri + SECOND, exchange);

        assertIsGolden(exchange);
        assertThat(history(exchange, "CamelVlmConversationHistory")).hasSize(4);
    }

    @Test
    void goesOnByChatInAPropertyOfAnotherName() throws Exception {
        Exchange answered = send("direct:thenChat", ConversationMemoryTest::picture);

        assertThat(answered.getMessage()
                        .getBody(ChatCompletion.class)
                        .choices()
                        .get(0)
                        .message()
                        .content())
                .isEqualTo(golden.text("text"));
        assertThat(answered.getMessage().getHeader(VlmConstants.PROMPT_TOKENS))
                .isEqualTo(golden.json().get("prompt_tokens").asInt());
        assertThat(history(answered, "mine")).hasSize(4);
    }

    @Test
    void joinsAnAnswerToTheTurnThatItGoesOnWith() throws Exception {
        Exchange answered = send(
                "vlm:chat?" + MEMORY,
                exchange -> exchange.getMessage()
                        .setBody(
                                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"A small\"}],"
                                        + "\"add_generation_prompt\":false,\"continue_final_message\":true,\"max_tokens\":3}"));

        String rest = answered.getMessage()
                .getBody(ChatCompletion.class)
                .choices()
                .get(0)
                .message()
                .content();
        List<?> history = history(answered, "CamelVlmConversationHistory");
        assertThat(rest).isNotEmpty();
        assertThat(history).hasSize(2);
        assertThat((Message) history.get(1)).isEqualTo(Message.of(Role.ASSISTANT, "A small" + rest));
    }

    @Test
    void takesAHistoryInTheFormatOfOpenAi() throws Exception {
        ObjectNode request = (ObjectNode) new ObjectMapper().readTree(ChatTest.request(golden));
        List<?> turns = new ObjectMapper().convertValue(request.get("messages"), List.class);

        Exchange answered = send("vlm:describe?" + MEMORY, exchange -> {
            exchange.setProperty("CamelVlmConversationHistory", turns.subList(0, 2));
            exchange.getMessage().setBody(SECOND);
        });

        assertIsGolden(answered);
    }

    @Test
    void remembersNothingUnlessAsked() {
        assertThatThrownBy(() -> send("direct:forgetful", ConversationMemoryTest::picture))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("body");
    }

    @Test
    void refusesAHistoryOfSomethingElse() {
        for (Object history : List.of("Hello", List.of("Hello"), List.of(Map.of("content", "no role")))) {
            assertThatThrownBy(() -> send("vlm:describe?" + MEMORY, exchange -> {
                        exchange.setProperty("CamelVlmConversationHistory", history);
                        exchange.getMessage().setBody(SECOND);
                    }))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(history instanceof String ? "CamelVlmConversationHistory" : "");
        }
    }

    @Test
    void countsThePicturesOfTheWholeConversation() throws Exception {
        String uri = "vlm:describe?" + MEMORY + "&maxImages=1";
        Exchange exchange = send(uri, ConversationMemoryTest::picture);

        picture(exchange);
        template().send(uri, exchange);

        assertThat(exchange.getException())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("hold 2 pictures")
                .hasMessageContaining("remove the property CamelVlmConversationHistory");
    }

    @Test
    void addsNothingThatFailed() throws Exception {
        Exchange exchange = send("vlm:describe?" + MEMORY, ConversationMemoryTest::picture);

        exchange.getMessage().setBody(new byte[] {1, 2, 3});
        template().send("vlm:describe?" + MEMORY, exchange);

        assertThat(exchange.getException()).isNotNull();
        assertThat(history(exchange, "CamelVlmConversationHistory")).hasSize(2);
    }

    @Test
    void keepsTheFullResponseWhenAsked() throws Exception {
        Exchange kept = send("vlm:describe?" + MODEL + "&storeFullResponse=true", ConversationMemoryTest::picture);
        Exchange plain = send("vlm:describe?" + MODEL, ConversationMemoryTest::picture);

        ChatCompletion response = kept.getProperty("CamelVlmResponse", ChatCompletion.class);
        assertThat(response.choices().get(0).message().content())
                .isEqualTo(kept.getMessage().getBody(String.class));
        assertThat(response.usage().promptTokens()).isEqualTo(kept.getMessage().getHeader(VlmConstants.PROMPT_TOKENS));
        assertThat(plain.getProperty("CamelVlmResponse")).isNull();
    }

    @Test
    void keepsTheFullResponseOfAChat() throws Exception {
        Exchange kept = send(
                "vlm:chat?" + MODEL + "&storeFullResponse=true",
                exchange -> exchange.getMessage().setBody(ChatTest.request(golden)));

        assertThat(kept.getProperty("CamelVlmResponse"))
                .isSameAs(kept.getMessage().getBody());
    }

    private static Map<String, Object> turn(String address, String text) {
        return Map.of(
                "role",
                "user",
                "content",
                List.of(
                        Map.of("type", "image_url", "image_url", Map.of("url", address)),
                        Map.of("type", "text", "text", text)));
    }

    @Test
    void fetchesAPictureThatTheHistoryNamesOnce() throws Exception {
        try (PictureOnce server =
                new PictureOnce(GoldenCase.picture("two-shapes.png").bytes())) {
            String uri = "vlm:describe?" + MEMORY + "&allowPrivateAddresses=true";

            Exchange answered = send(uri, exchange -> {
                exchange.setProperty(
                        "CamelVlmConversationHistory",
                        List.of(turn(server.address(), FIRST), Map.of("role", "assistant", "content", "Green.")));
                exchange.getMessage().setBody(SECOND);
            });

            assertIsGolden(answered);
            assertThat(history(answered, "CamelVlmConversationHistory"))
                    .hasOnlyElementsOfType(Message.class)
                    .hasSize(4);
            answered.getMessage().setBody("What shapes are there?");
            assertThat(template().send(uri, answered).getException()).isNull();
            assertThat(server.asked()).isEqualTo(1);
        }
    }

    @Test
    void countsThePicturesBeforeItFetchesAny() throws Exception {
        try (PictureOnce server = new PictureOnce(new byte[0])) {
            String options = MEMORY + "&allowPrivateAddresses=true&maxImages=1";
            List<?> history = List.of(turn(server.address(), FIRST), turn(server.address(), SECOND));
            Map<String, Object> chat = Map.of("messages", List.of(turn(server.address(), SECOND)));

            for (List<?> earlier : List.of(history, history.subList(0, 1))) {
                assertThatThrownBy(() -> send("vlm:chat?" + options, exchange -> {
                            exchange.setProperty("CamelVlmConversationHistory", earlier);
                            exchange.getMessage().setBody(chat);
                        }))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("hold " + (earlier.size() + 1) + " pictures");
            }
            assertThatThrownBy(() -> send("vlm:describe?" + options, exchange -> {
                        exchange.setProperty("CamelVlmConversationHistory", history);
                        exchange.getMessage().setBody(SECOND);
                    }))
                    .hasMessageContaining("hold 2 pictures");
            assertThat(server.asked()).isZero();
        }
    }

    /** Serves a picture, and only once. */
    private static final class PictureOnce implements AutoCloseable {
        private final AtomicInteger asked = new AtomicInteger();
        private final HttpServer server;

        PictureOnce(byte[] picture) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                try (exchange) {
                    boolean isFirst = asked.incrementAndGet() == 1;
                    exchange.sendResponseHeaders(isFirst ? 200 : 404, isFirst ? picture.length : -1);
                    if (isFirst) {
                        exchange.getResponseBody().write(picture);
                    }
                }
            });
            server.start();
        }

        String address() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/two-shapes.png";
        }

        int asked() {
            return asked.get();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
