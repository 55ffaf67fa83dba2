import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.internal.Json;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** LangChain4j. */
final class LangChain4jClient implements Client {
    private static final ToolSpecification TOOL = ToolSpecification.builder()
            .name(Shapes.FUNCTION)
            .description(Shapes.DESCRIPTION)
            .parameters(JsonObjectSchema.builder()
                    .addStringProperty("color")
                    .addStringProperty("shape")
                    .required("color", "shape")
                    .build())
            .build();

    private final String name;
    private final ChatModel model;
    private final StreamingChatModel streamingModel;

    private LangChain4jClient(String name, ChatModel model, StreamingChatModel streamingModel) {
        this.name = name;
        this.model = model;
        this.streamingModel = streamingModel;
    }

    /** By OpenAI's chat completions. */
    static LangChain4jClient ofOpenAi(String address) {
        return new LangChain4jClient(
                "LangChain4j",
                OpenAiChatModel.builder()
                        .baseUrl(address + "/v1")
                        .apiKey("none")
                        .modelName("shapes-tools")
                        .temperature(0.0)
                        .maxRetries(0)
                        .build(),
                OpenAiStreamingChatModel.builder()
                        .baseUrl(address + "/v1")
                        .apiKey("none")
                        .modelName("shapes-tools")
                        .temperature(0.0)
                        .build());
    }

    /** By Ollama's API. */
    static LangChain4jClient ofOllama(String address) {
        return new LangChain4jClient(
                "LangChain4j for Ollama",
                OllamaChatModel.builder()
                        .baseUrl(address)
                        .modelName("shapes-tools")
                        .temperature(0.0)
                        .maxRetries(0)
                        .build(),
                OllamaStreamingChatModel.builder()
                        .baseUrl(address)
                        .modelName("shapes-tools")
                        .temperature(0.0)
                        .build());
    }

    private static UserMessage message(String text, boolean isTextFirst) {
        Content words = TextContent.from(text);
        Content picture = ImageContent.from(Base64.getEncoder().encodeToString(Shapes.picture()), "image/png");
        return isTextFirst ? UserMessage.from(words, picture) : UserMessage.from(picture, words);
    }

    @Override
    public String describe(String question, boolean isTextFirst) {
        return model.chat(message(question, isTextFirst)).aiMessage().text();
    }

    @Override
    public List<String> describeInPieces(String question, boolean isTextFirst) {
        List<String> pieces = new ArrayList<>();
        stream(ChatRequest.builder().messages(message(question, isTextFirst)).build(), pieces);
        return pieces;
    }

    private ChatResponse stream(ChatRequest request, List<String> pieces) {
        CompletableFuture<ChatResponse> end = new CompletableFuture<>();
        streamingModel.chat(request, new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String piece) {
                pieces.add(piece);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                end.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                end.completeExceptionally(error);
            }
        });
        return end.orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public String record(String request, boolean isTextFirst, Shapes shapes) {
        return record(message(request, isTextFirst), shapes, model::chat);
    }

    @Override
    public String recordInPieces(String request, boolean isTextFirst, Shapes shapes) {
        return record(message(request, isTextFirst), shapes, turn -> stream(turn, new ArrayList<>()));
    }

    private static String record(UserMessage request, Shapes shapes, Function<ChatRequest, ChatResponse> ask) {
        List<ChatMessage> messages = new ArrayList<>(List.of(request));
        AiMessage answer = ask(messages, ask);
        messages.add(answer);
        for (ToolExecutionRequest call : answer.toolExecutionRequests()) {
            Map<?, ?> arguments = Json.fromJson(call.arguments(), Map.class);
            messages.add(ToolExecutionResultMessage.from(
                    call, shapes.record((String) arguments.get("color"), (String) arguments.get("shape"))));
        }
        return ask(messages, ask).text();
    }

    private static AiMessage ask(List<ChatMessage> messages, Function<ChatRequest, ChatResponse> ask) {
        return ask.apply(ChatRequest.builder()
                        .messages(messages)
                        .toolSpecifications(TOOL)
                        .build())
                .aiMessage();
    }

    @Override
    public String toString() {
        return name;
    }
}
