package io.github.camelvlm.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.VlmComponent;
import io.github.camelvlm.VlmModel;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.goldens.GoldenCase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.chat.client.AdvisorParams;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

/** In an application of Spring Boot as people have it: a route and a chat model share one engine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class VlmChatModelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CAPTION = "A small yellow diamond on a white background.";

    @SpringBootApplication
    static class Application {
        @Bean
        RouteBuilder route() {
            return new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:pictures").to("vlm:describe");
                }
            };
        }
    }

    private ConfigurableApplicationContext application;
    private ChatModel model;
    private VlmModel tools;

    @BeforeAll
    void start() {
        application = run(GoldenCase.SHAPES_VL);
        model = application.getBean(ChatModel.class);
        tools = VlmModel.load(GoldenCase.SHAPES_TOOLS.toString(), options -> {
            options.setDevice("cpu");
            options.setDtype("float32");
            options.setThreads(1);
            options.setTemperature(0.0);
        });
    }

    private static ConfigurableApplicationContext run(Path directory, String... others) {
        List<String> properties = new ArrayList<>(List.of(
                "camel.component.vlm.model=" + directory,
                "camel.component.vlm.device=cpu",
                "camel.component.vlm.dtype=float32",
                "camel.component.vlm.threads=1",
                "camel.component.vlm.temperature=0"));
        properties.addAll(List.of(others));
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(properties.toArray(new String[0]))
                .run();
    }

    @AfterAll
    void stop() {
        application.close();
        tools.close();
    }

    private static Media picture(String name) {
        return new Media(
                MimeTypeUtils.IMAGE_PNG,
                new ByteArrayResource(GoldenCase.picture(name).bytes()));
    }

    private static UserMessage turn(String question) {
        return UserMessage.builder()
                .text(question)
                .media(picture("one-shape.png"))
                .build();
    }

    @Test
    void anApplicationDescribesAPictureByARouteAndByItsChatModelWithOneEngine() {
        Object caption = application
                .getBean(ProducerTemplate.class)
                .requestBody(
                        "direct:pictures", GoldenCase.picture("one-shape.png").bytes());
        String answer = model.call(turn("Describe this image."));

        assertThat(caption).isEqualTo(CAPTION);
        assertThat(answer).isEqualTo(CAPTION);
        assertThat(application
                        .getBean(CamelContext.class)
                        .getComponent("vlm", VlmComponent.class)
                        .engines())
                .hasSize(1);
    }

    @Test
    void tellsTheTokensAndTheEndOfAnAnswer() {
        ChatResponse whole = model.call(new Prompt(turn("Describe this image.")));
        ChatResponse cut = model.call(new Prompt(
                turn("Describe this image."), ChatOptions.builder().maxTokens(3).build()));

        assertThat(whole.getMetadata().getModel()).isEqualTo("shapes-vl");
        assertThat(whole.getMetadata().getUsage().getPromptTokens())
                .isEqualTo(GoldenCase.shapes("describe one-shape.png")
                        .json()
                        .get("prompt_tokens")
                        .asInt());
        assertThat(whole.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
        assertThat(cut.getResult().getMetadata().getFinishReason()).isEqualTo("LENGTH");
        assertThat(cut.getMetadata().getUsage().getCompletionTokens()).isEqualTo(3);
    }

    @Test
    void hearsASystemMessage() {
        int without = model.call(new Prompt(turn("Describe this image.")))
                .getMetadata()
                .getUsage()
                .getPromptTokens();
        int with = model.call(new Prompt(
                        new SystemMessage("You look at drawings of shapes that children have made with care."),
                        turn("Describe this image.")))
                .getMetadata()
                .getUsage()
                .getPromptTokens();

        assertThat(with).isGreaterThan(without);
    }

    @Test
    void streamsAnAnswer() {
        List<ChatResponse> pieces = model.stream(new Prompt(turn("Describe this image.")))
                .collectList()
                .block(PATIENCE);

        assertThat(pieces).hasSizeGreaterThan(4);
        assertThat(pieces.stream()
                        .map(piece -> piece.getResult().getOutput().getText())
                        .reduce("", String::concat))
                .isEqualTo(CAPTION);
        ChatResponse last = pieces.get(pieces.size() - 1);
        assertThat(last.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
        assertThat(last.getMetadata().getUsage().getCompletionTokens()).isPositive();
    }

    @Test
    void endsAStreamThatIsCancelled() {
        List<ChatResponse> pieces = model.stream(new Prompt(turn("Describe this image.")))
                .take(2)
                .collectList()
                .block(PATIENCE);

        assertThat(pieces).hasSize(2);
        assertThat(model.call(turn("Describe this image."))).isEqualTo(CAPTION);
    }

    record Shape(String color, String shape) {}

    record Drawing(List<Shape> objects, String background) {}

    @Test
    void makesAnEntityOfAnAnswer() {
        Drawing drawing = ChatClient.create(model)
                .prompt()
                .advisors(AdvisorParams.ENABLE_NATIVE_STRUCTURED_OUTPUT)
                .user(user -> user.text("List the objects as JSON.").media(picture("two-shapes.png")))
                .call()
                .entity(Drawing.class);

        assertThat(drawing.objects()).isNotEmpty().allSatisfy(shape -> {
            assertThat(shape.color()).isNotNull();
            assertThat(shape.shape()).isNotNull();
        });
        // Spring AI sorts the fields, which the small model was not taught: their form is all that is sure.
        assertThat(drawing.background()).isNotNull();
    }

    /** What the model may have run. */
    static class Recorder {
        private final List<String> recorded = new ArrayList<>();

        @Tool(name = "record_shape", description = "Records a shape of the picture.")
        Map<String, Integer> record(String color, String shape) {
            recorded.add(color + " " + shape);
            return Map.of("number", recorded.size());
        }
    }

    @Test
    void runsTheToolsThatTheModelCalls() {
        Recorder recorder = new Recorder();
        String answer = ChatClient.create(new VlmChatModel(tools))
                .prompt()
                .user(user -> user.text("Record the shapes.").media(picture("two-shapes.png")))
                .tools(recorder)
                .call()
                .content();

        assertThat(recorder.recorded).containsExactlyInAnyOrder("orange triangle", "yellow hexagon");
        assertThat(answer).isEqualTo("Recorded as numbers 1 and 2.");
    }

    @Test
    void runsTheToolsThatAStreamedAnswerCalls() {
        Recorder recorder = new Recorder();
        List<String> pieces = ChatClient.create(new VlmChatModel(tools))
                .prompt()
                .user(user -> user.text("Record the shapes.").media(picture("two-shapes.png")))
                .tools(recorder)
                .stream()
                .content()
                .collectList()
                .block(PATIENCE);

        assertThat(recorder.recorded).containsExactlyInAnyOrder("orange triangle", "yellow hexagon");
        assertThat(String.join("", pieces)).isEqualTo("Recorded as numbers 1 and 2.");
    }

    /** A tool of whose run memory runs out. */
    static class Greedy {
        @Tool(name = "record_shape", description = "Records a shape of the picture.")
        Map<String, Integer> record(String color, String shape) {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    @Test
    void tellsTheReaderOfAStreamThatMemoryRanOut() {
        assertThatThrownBy(() -> ChatClient.create(new VlmChatModel(tools))
                        .prompt()
                        .user(user -> user.text("Record the shapes.").media(picture("two-shapes.png")))
                        .tools(new Greedy())
                        .stream()
                        .content()
                        .blockLast(PATIENCE))
                .hasRootCauseInstanceOf(OutOfMemoryError.class);
    }

    /** Options whose making of a request has no memory. */
    static class GreedyTools extends VlmChatOptions {
        @Override
        public List<ToolCallback> getToolCallbacks() {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    @Test
    void tellsTheReaderOfAStreamThatMemoryRanOutBeforeItBegan() {
        assertThatThrownBy(() -> model.stream(new Prompt("What is it?", new GreedyTools()))
                        .blockLast(PATIENCE))
                .hasRootCauseInstanceOf(OutOfMemoryError.class);
    }

    /** Options of some provider. */
    static class OtherOptions extends VlmChatOptions {}

    @Test
    void refusesByNameWhatIsNotServed() {
        Media sound = new Media(MimeTypeUtils.parseMimeType("audio/wav"), new ByteArrayResource(new byte[10]));

        assertThatThrownBy(() -> model.call(
                        UserMessage.builder().text("What is it?").media(sound).build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("audio/wav");
        assertThatThrownBy(() -> model.call(new Prompt("What is it?", new OtherOptions())))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("OtherOptions");
        assertThatThrownBy(() -> model.call(new Prompt(
                        "What is it?", ChatOptions.builder().topP(7.0).build())))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("top_p");
        assertThatThrownBy(() -> model.stream(new Prompt(
                                "What is it?",
                                ChatOptions.builder().model("gpt-4o").build()))
                        .blockLast(PATIENCE))
                .isInstanceOf(ModelNotServedException.class)
                .hasMessageContaining("gpt-4o");
    }

    @Test
    void fetchesPicturesByTheRulesOfTheOptions() {
        Media near = Media.builder()
                .mimeType(MimeTypeUtils.IMAGE_PNG)
                .data("http://127.0.0.1:9/picture.png")
                .build();

        assertThatThrownBy(() -> model.call(
                        UserMessage.builder().text("What is it?").media(near).build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("127.0.0.1");
    }

    @Test
    void leavesTheChatModelToAnotherWhereItIsNamed() {
        try (ConfigurableApplicationContext other = run(GoldenCase.SHAPES_VL, "spring.ai.model.chat=openai")) {
            assertThat(other.getBeansOfType(ChatModel.class)).isEmpty();
        }
    }
}
