import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.TextBlock;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Anthropic's own client. */
final class AnthropicClient implements Client {
    private static final Map<String, String> TEXT = Map.of("type", "string");

    private static final Tool TOOL = Tool.builder()
            .name(Shapes.FUNCTION)
            .description(Shapes.DESCRIPTION)
            .inputSchema(Tool.InputSchema.builder()
                    .properties(Tool.InputSchema.Properties.builder()
                            .putAdditionalProperty("color", JsonValue.from(TEXT))
                            .putAdditionalProperty("shape", JsonValue.from(TEXT))
                            .build())
                    .addRequired("color")
                    .addRequired("shape")
                    .build())
            .build();

    private final com.anthropic.client.AnthropicClient client;

    AnthropicClient(String address) {
        client = AnthropicOkHttpClient.builder()
                .baseUrl(address)
                .apiKey("none")
                .maxRetries(0)
                .build();
    }

    private static MessageCreateParams.Builder ask(String text, boolean isTextFirst) {
        ContentBlockParam words = ContentBlockParam.ofText(text);
        ContentBlockParam picture = ContentBlockParam.ofImage(Base64ImageSource.builder()
                .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                .data(Base64.getEncoder().encodeToString(Shapes.picture()))
                .build());
        return MessageCreateParams.builder()
                .model("shapes-tools")
                .maxTokens(200)
                .putAdditionalBodyProperty("temperature", JsonValue.from(0))
                .addUserMessageOfContentBlockParams(isTextFirst ? List.of(words, picture) : List.of(picture, words));
    }

    @Override
    public String describe(String question, boolean isTextFirst) {
        return text(client.messages().create(ask(question, isTextFirst).build()));
    }

    @Override
    public List<String> describeInPieces(String question, boolean isTextFirst) {
        List<String> pieces = new ArrayList<>();
        stream(ask(question, isTextFirst).build(), pieces);
        return pieces;
    }

    private Message stream(MessageCreateParams request, List<String> pieces) {
        MessageAccumulator whole = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> events = client.messages().createStreaming(request)) {
            events.stream()
                    .peek(whole::accumulate)
                    .flatMap(event -> event.contentBlockDelta().stream())
                    .flatMap(delta -> delta.delta().text().stream())
                    .forEach(text -> pieces.add(text.text()));
        }
        return whole.message();
    }

    @Override
    public String record(String request, boolean isTextFirst, Shapes shapes) {
        return record(ask(request, isTextFirst), shapes, client.messages()::create);
    }

    @Override
    public String recordInPieces(String request, boolean isTextFirst, Shapes shapes) {
        return record(ask(request, isTextFirst), shapes, turn -> stream(turn, new ArrayList<>()));
    }

    private static String record(
            MessageCreateParams.Builder conversation, Shapes shapes, Function<MessageCreateParams, Message> ask) {
        Message answer = ask.apply(conversation.addTool(TOOL).build());
        List<ContentBlockParam> results = answer.content().stream()
                .flatMap(block -> block.toolUse().stream())
                .map(call -> ContentBlockParam.ofToolResult(result(call, shapes)))
                .toList();
        conversation.addMessage(answer).addUserMessageOfContentBlockParams(results);
        return text(ask.apply(conversation.build()));
    }

    private static ToolResultBlockParam result(ToolUseBlock call, Shapes shapes) {
        Map<?, ?> arguments = call._input().convert(Map.class);
        return ToolResultBlockParam.builder()
                .toolUseId(call.id())
                .content(shapes.record((String) arguments.get("color"), (String) arguments.get("shape")))
                .build();
    }

    private static String text(Message message) {
        return message.content().stream()
                .map(ContentBlock::text)
                .flatMap(text -> text.map(TextBlock::text).stream())
                .collect(Collectors.joining());
    }

    @Override
    public String toString() {
        return "Anthropic";
    }
}
