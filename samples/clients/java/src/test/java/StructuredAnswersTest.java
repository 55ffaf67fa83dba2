import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.UserMessage;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.AdvisorParams;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.api.OpenAiApi;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

/** Clients for Java that people have, unmodified, which ask the application for instances of their records. */
class StructuredAnswersTest {
    private static final String MODEL = "shapes-vl";
    private static final String QUESTION = "List the objects as JSON.";
    private static final Drawing DRAWING =
            new Drawing(List.of(new Shape("orange", "triangle"), new Shape("yellow", "hexagon")), "green");

    private static Application application;

    record Shape(String color, String shape) {}

    record Drawing(List<Shape> objects, String background) {}

    /** What LangChain4j writes the code of. */
    interface Reader {
        @UserMessage(QUESTION)
        Drawing read(@UserMessage ImageContent picture);
    }

    @BeforeAll
    static void start() throws Exception {
        application = new Application(MODEL);
    }

    @AfterAll
    static void stop() throws Exception {
        application.stop();
    }

    @Test
    void langChain4jsServicesAnswerWithARecord() {
        Reader reader = AiServices.create(
                Reader.class,
                OpenAiChatModel.builder()
                        .baseUrl(application.address() + "/v1")
                        .apiKey("none")
                        .modelName(MODEL)
                        .temperature(0.0)
                        .maxTokens(200)
                        .maxRetries(0)
                        .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                        .strictJsonSchema(true)
                        .build());

        String picture = Base64.getEncoder().encodeToString(Shapes.picture());

        assertThat(reader.read(ImageContent.from(picture, "image/png"))).isEqualTo(DRAWING);
    }

    @Test
    void springAiMakesAnEntityOfTheAnswer() {
        ChatClient client = ChatClient.create(org.springframework.ai.openai.OpenAiChatModel.builder()
                .openAiApi(OpenAiApi.builder()
                        .baseUrl(application.address())
                        .apiKey("none")
                        .build())
                .defaultOptions(OpenAiChatOptions.builder()
                        .model(MODEL)
                        .temperature(0.0)
                        .maxTokens(200)
                        .build())
                .build());

        Shape shape = client.prompt()
                .advisors(AdvisorParams.ENABLE_NATIVE_STRUCTURED_OUTPUT)
                .user(user ->
                        user.text(QUESTION).media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(Shapes.picture())))
                .call()
                .entity(Shape.class);

        // With the text before the picture, as Spring AI has it, the small model sees little: the form is all that is
        // sure.
        assertThat(shape.color()).isNotNull();
        assertThat(shape.shape()).isNotNull();
    }
}
