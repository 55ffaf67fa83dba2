package io.github.camelvlm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.UserMessage;
import io.github.camelvlm.VlmComponent;
import io.github.camelvlm.VlmModel;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.goldens.GoldenCase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class VlmChatModelTest {
    private static final ToolSpecification TOOL = ToolSpecification.builder()
            .name("record_shape")
            .description("Records a shape of the picture.")
            .parameters(JsonObjectSchema.builder()
                    .addStringProperty("color")
                    .addStringProperty("shape")
                    .required("color", "shape")
                    .build())
            .build();

    private VlmModel shapes;
    private VlmModel tools;

    @BeforeAll
    void load() {
        shapes = Models.load(GoldenCase.SHAPES_VL);
        tools = Models.load(GoldenCase.SHAPES_TOOLS);
    }

    @AfterAll
    void close() {
        shapes.close();
        tools.close();
    }

    private ChatResponse ask(VlmModel model, ChatRequest request) {
        return new VlmChatModel(model).chat(request);
    }

    private static ChatRequest request(String question, ChatRequestParameters parameters) {
        return ChatRequest.builder()
                .messages(Models.turn("one-shape.png", question))
                .parameters(parameters)
                .build();
    }

    @Test
    void describesAPictureAndTellsItsTokensAndItsEnd() {
        GoldenCase golden = GoldenCase.shapes("describe one-shape.png");
        ChatResponse response = ask(
                shapes,
                request("Describe this image.", ChatRequestParameters.builder().build()));

        assertThat(response.aiMessage().text()).isEqualTo(golden.text("text"));
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.modelName()).isEqualTo("shapes-vl");
        assertThat(response.tokenUsage().inputTokenCount())
                .isEqualTo(golden.json().get("prompt_tokens").asInt());
        assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(golden.ints("generated_token_ids").length);
    }

    @Test
    void endsWhereTheRequestsParametersSay() {
        ChatResponse cut = ask(
                shapes,
                request(
                        "Describe this image.",
                        ChatRequestParameters.builder().maxOutputTokens(3).build()));
        ChatResponse stopped = ask(
                shapes,
                request(
                        "Describe this image.",
                        ChatRequestParameters.builder()
                                .stopSequences(" diamond")
                                .build()));

        assertThat(cut.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(cut.tokenUsage().outputTokenCount()).isEqualTo(3);
        assertThat(stopped.aiMessage().text()).isEqualTo("A small yellow");
    }

    @Test
    void hearsASystemMessage() {
        ChatMessage turn = Models.turn("one-shape.png", "Describe this image.");
        int without = ask(shapes, ChatRequest.builder().messages(turn).build())
                .tokenUsage()
                .inputTokenCount();
        int with = ask(
                        shapes,
                        ChatRequest.builder()
                                .messages(
                                        SystemMessage.from(
                                                "You look at drawings of shapes that children have made with care."),
                                        turn)
                                .build())
                .tokenUsage()
                .inputTokenCount();

        assertThat(with).isGreaterThan(without);
    }

    record Shape(String color, String shape) {}

    record Picture(List<Shape> objects, String background) {}

    /** What LangChain4j writes the code of. */
    interface Reader {
        @UserMessage("List the objects as JSON.")
        Picture read(@UserMessage ImageContent picture);
    }

    @Test
    void aServiceAnswersWithARecord() {
        Reader reader = AiServices.create(Reader.class, new VlmChatModel(shapes));

        assertThat(reader.read(Models.picture("two-shapes.png")))
                .isEqualTo(
                        new Picture(List.of(new Shape("orange", "triangle"), new Shape("yellow", "hexagon")), "green"));
    }

    /** What the model may have run. */
    static class Recorder {
        private final List<String> recorded = new ArrayList<>();

        @Tool(name = "record_shape", value = "Records a shape of the picture.")
        Map<String, Integer> record(@P("color") String color, @P("shape") String shape) {
            recorded.add(color + " " + shape);
            return Map.of("number", recorded.size());
        }
    }

    /** What LangChain4j writes the code of. */
    interface Assistant {
        String ask(@UserMessage List<Content> contents);
    }

    @Test
    void aServiceRunsTheToolsThatTheModelAsksFor() {
        Recorder recorder = new Recorder();
        Assistant assistant = AiServices.builder(Assistant.class)
                .chatModel(new VlmChatModel(tools))
                .tools(recorder)
                .build();

        String answer =
                assistant.ask(List.of(Models.picture("two-shapes.png"), TextContent.from("Record the shapes.")));

        assertThat(recorder.recorded).containsExactlyInAnyOrder("orange triangle", "yellow hexagon");
        assertThat(answer).isEqualTo("Recorded as numbers 1 and 2.");
    }

    @Test
    void callsAToolAsTheChoiceSays() {
        AiMessage demanded = ask(
                        tools,
                        request(
                                "Describe this image.",
                                ChatRequestParameters.builder()
                                        .toolSpecifications(TOOL)
                                        .toolChoice(ToolChoice.REQUIRED)
                                        .build()))
                .aiMessage();
        ChatResponse forbidden = ask(
                tools,
                request(
                        "Describe this image.",
                        ChatRequestParameters.builder()
                                .toolSpecifications(TOOL)
                                .toolChoice(ToolChoice.NONE)
                                .build()));

        assertThat(demanded.toolExecutionRequests()).isNotEmpty().allSatisfy(call -> {
            assertThat(call.name()).isEqualTo("record_shape");
            assertThat(call.id()).isNotEmpty();
        });
        assertThat(forbidden.aiMessage().hasToolExecutionRequests()).isFalse();
        assertThat(forbidden.finishReason()).isEqualTo(FinishReason.STOP);
    }

    /** Parameters of some provider. */
    static class OtherParameters extends DefaultChatRequestParameters {
        OtherParameters() {
            super(DefaultChatRequestParameters.builder());
        }
    }

    @Test
    void refusesByNameWhatIsNotServed() {
        VlmChatModel model = new VlmChatModel(shapes);

        assertThatThrownBy(() -> model.chat(dev.langchain4j.data.message.UserMessage.from(
                        AudioContent.from("https://example.org/sound.wav"))))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("AUDIO");
        assertThatThrownBy(() -> model.doChat(request("Describe this image.", new OtherParameters())))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("OtherParameters");
        assertThatThrownBy(() -> model.chat(request(
                        "Describe this image.",
                        ChatRequestParameters.builder().temperature(3.0).build())))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("temperature must be between 0 and 2");
        assertThatThrownBy(() -> model.chat(request(
                        "Describe this image.",
                        ChatRequestParameters.builder().modelName("gpt-4o").build())))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("gpt-4o");
    }

    @Test
    void fetchesPicturesByTheRulesOfTheOptions() {
        VlmChatModel model = new VlmChatModel(shapes);

        assertThatThrownBy(() -> model.chat(dev.langchain4j.data.message.UserMessage.from(
                        ImageContent.from("http://127.0.0.1:9/picture.png"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("messages[0].content[0]")
                .hasMessageContaining("127.0.0.1");
        assertThatThrownBy(() -> model.chat(dev.langchain4j.data.message.UserMessage.from(
                        ImageContent.from(Base64.getEncoder().encodeToString(new byte[100]), "image/png"))))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void fetchesAPictureFromAnAddressThatTheOptionsAllow() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] picture = GoldenCase.picture("one-shape.png").bytes();
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "image/png");
            exchange.sendResponseHeaders(200, picture.length);
            exchange.getResponseBody().write(picture);
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/one-shape.png";
        try (VlmModel open = VlmModel.load(
                GoldenCase.SHAPES_VL.toString(),
                Models.OPTIONS.andThen(options -> options.setAllowPrivateAddresses(true)))) {
            ChatResponse response = new VlmChatModel(open)
                    .chat(dev.langchain4j.data.message.UserMessage.from(
                            ImageContent.from(url), TextContent.from("Describe this image.")));

            assertThat(response.aiMessage().text()).contains("yellow diamond");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void tellsApartWhatMayPassAndWhatWillNot() {
        assertThat(Failures.of(new QueueFullException("8 answered, 64 wait"))).isInstanceOf(RateLimitException.class);

        VlmModel closed = Models.load(GoldenCase.SHAPES_VL);
        closed.close();
        assertThatThrownBy(() -> new VlmChatModel(closed).chat("What is it?"))
                .isInstanceOf(InternalServerException.class);
    }

    @Test
    void givesUpWhenItsThreadIsInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> new VlmChatModel(shapes).chat("What is it?"))
                .isInstanceOf(LangChain4jException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void sharesTheEngineAndTheMetersOfACamelContextWithItsRoutes() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            context.getRegistry().bind("meters", meters);
            VlmComponent component = context.getComponent("vlm", VlmComponent.class);
            Models.OPTIONS.accept(component.getConfiguration());
            component.getConfiguration().setModel(GoldenCase.SHAPES_VL.toString());
            context.start();
            String caption = context.createProducerTemplate()
                    .requestBody(
                            "vlm:describe", GoldenCase.picture("one-shape.png").bytes(), String.class);

            ChatResponse response = ask(
                    VlmModel.of(context),
                    ChatRequest.builder()
                            .messages(Models.turn("one-shape.png", "Describe this image."))
                            .build());

            assertThat(response.aiMessage().text()).isEqualTo(caption);
            assertThat(component.engines()).hasSize(1);
            assertThat(meters.get("vlm.time.to.first.token").timer().count()).isEqualTo(2);
            assertThatThrownBy(() -> new VlmChatModel(VlmModel.of(context))
                            .chat(request(
                                    "Describe this image.",
                                    ChatRequestParameters.builder().topP(7.0).build())))
                    .isInstanceOf(InvalidRequestException.class);
            assertThat(meters.get("vlm.request.errors").counters().stream()
                            .mapToDouble(Counter::count)
                            .sum())
                    .isEqualTo(1);
        }
    }

    @Test
    void refusesOptionsOfRoutes() {
        assertThatThrownBy(() -> VlmModel.load(GoldenCase.SHAPES_VL.toString(), options -> options.setRegex("a|b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("regex");
    }
}
