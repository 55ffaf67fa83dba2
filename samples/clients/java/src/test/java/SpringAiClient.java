import java.time.Duration;
import java.util.List;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.ollama.OllamaChatModel;
import org.springframework.ai.ollama.api.OllamaApi;
import org.springframework.ai.ollama.api.OllamaChatOptions;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.api.OpenAiApi;
import org.springframework.ai.retry.RetryUtils;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

/** Spring AI, which sends the text before the pictures where a message has an order. */
final class SpringAiClient implements Client {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final ChatModel model;

    private SpringAiClient(String name, ChatModel model) {
        this.name = name;
        this.model = model;
    }

    /** By OpenAI's chat completions. */
    static SpringAiClient ofOpenAi(String address) {
        return new SpringAiClient(
                "Spring AI",
                OpenAiChatModel.builder()
                        .openAiApi(OpenAiApi.builder()
                                .baseUrl(address)
                                .apiKey("none")
                                .build())
                        .defaultOptions(OpenAiChatOptions.builder()
                                .model("shapes-tools")
                                .build())
                        .retryTemplate(RetryUtils.SHORT_RETRY_TEMPLATE)
                        .build());
    }

    /** By Ollama's API. */
    static SpringAiClient ofOllama(String address) {
        return new SpringAiClient(
                "Spring AI for Ollama",
                OllamaChatModel.builder()
                        .ollamaApi(OllamaApi.builder().baseUrl(address).build())
                        .defaultOptions(OllamaChatOptions.builder()
                                .model("shapes-tools")
                                .build())
                        .retryTemplate(RetryUtils.SHORT_RETRY_TEMPLATE)
                        .build());
    }

    private static ToolCallingChatOptions.Builder options() {
        return ToolCallingChatOptions.builder().model("shapes-tools").temperature(0.0);
    }

    private static Prompt prompt(String text, ChatOptions options) {
        Media picture = new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(Shapes.picture()));
        return new Prompt(UserMessage.builder().text(text).media(picture).build(), options);
    }

    private static Prompt prompt(String text, Shapes shapes) {
        ToolCallback tool = FunctionToolCallback.builder(
                        Shapes.FUNCTION, (Shape shape) -> shapes.record(shape.color(), shape.shape()))
                .description(Shapes.DESCRIPTION)
                .inputType(Shape.class)
                .inputSchema(Shapes.PARAMETERS)
                .build();
        return prompt(text, options().toolCallbacks(tool).build());
    }

    @Override
    public String describe(String question, boolean isTextFirst) {
        return text(model.call(prompt(question, options().build())));
    }

    @Override
    public List<String> describeInPieces(String question, boolean isTextFirst) {
        return model.stream(prompt(question, options().build()))
                .map(SpringAiClient::text)
                .collectList()
                .block(PATIENCE);
    }

    @Override
    public String record(String request, boolean isTextFirst, Shapes shapes) {
        return text(model.call(prompt(request, shapes)));
    }

    @Override
    public String recordInPieces(String request, boolean isTextFirst, Shapes shapes) {
        return String.join(
                "",
                model.stream(prompt(request, shapes))
                        .map(SpringAiClient::text)
                        .collectList()
                        .block(PATIENCE));
    }

    /** What there is of text: its last pieces have the reason of the end and the usage alone. */
    private static String text(ChatResponse response) {
        if (response.getResult() == null || response.getResult().getOutput().getText() == null) {
            return "";
        }
        return response.getResult().getOutput().getText();
    }

    @Override
    public String toString() {
        return name;
    }

    /** What the model gives to the tool. */
    private record Shape(String color, String shape) {}
}
