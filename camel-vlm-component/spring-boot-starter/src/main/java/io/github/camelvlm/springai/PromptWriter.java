package io.github.camelvlm.springai;

import io.github.camelvlm.chat.InvalidRequestException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.DefaultChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.model.ModelOptionsUtils;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.tool.definition.ToolDefinition;

/** Writes Spring AI's prompts in OpenAI's format. What is not served is refused by its name. */
final class PromptWriter {
    private static final Set<Class<?>> SERVED =
            Set.of(DefaultChatOptions.class, DefaultToolCallingChatOptions.class, VlmChatOptions.class);

    private PromptWriter() {}

    /**
     * @param prompt what is asked, with options
     * @param tools the tools that the model may call
     * @throws InvalidRequestException if it has something that is not served
     */
    static Map<String, Object> write(Prompt prompt, List<ToolDefinition> tools) {
        ChatOptions options = prompt.getOptions();
        if (!SERVED.contains(options.getClass())) {
            throw new InvalidRequestException(
                    "options",
                    "of the class " + options.getClass().getName()
                            + " are not served here: make them by ChatOptions.builder(), or a VlmChatOptions");
        }
        Map<String, Object> written = new LinkedHashMap<>();
        put(written, "model", options.getModel());
        List<Map<String, Object>> messages = new ArrayList<>();
        prompt.getInstructions().forEach(message -> add(message, messages));
        written.put("messages", messages);
        put(written, "temperature", options.getTemperature());
        put(written, "top_p", options.getTopP());
        put(written, "top_k", options.getTopK());
        put(written, "frequency_penalty", options.getFrequencyPenalty());
        put(written, "presence_penalty", options.getPresencePenalty());
        put(written, "max_tokens", options.getMaxTokens());
        put(written, "stop", options.getStopSequences());
        if (!tools.isEmpty()) {
            written.put("tools", tools.stream().map(PromptWriter::tool).toList());
        }
        if (options instanceof StructuredOutputChatOptions structured && structured.getOutputSchema() != null) {
            Map<String, Object> schema = Map.of("schema", ModelOptionsUtils.jsonToMap(structured.getOutputSchema()));
            written.put("response_format", Map.of("type", "json_schema", "json_schema", schema));
        }
        return written;
    }

    private static void put(Map<String, Object> written, String field, Object value) {
        if (value != null) {
            written.put(field, value);
        }
    }

    private static void add(Message message, List<Map<String, Object>> written) {
        switch (message.getMessageType()) {
            case SYSTEM -> written.add(turn("system", message.getText()));
            case USER -> written.add(turn("user", contents((UserMessage) message)));
            case ASSISTANT -> written.add(answer((AssistantMessage) message));
            case TOOL ->
                ((ToolResponseMessage) message).getResponses().forEach(response -> {
                    Map<String, Object> turn = turn("tool", response.responseData());
                    put(turn, "tool_call_id", response.id());
                    written.add(turn);
                });
        }
    }

    private static Map<String, Object> turn(String role, Object content) {
        Map<String, Object> turn = new LinkedHashMap<>();
        turn.put("role", role);
        turn.put("content", content);
        return turn;
    }

    /** The pictures first, as the models were trained; Spring AI knows no order. */
    private static List<Map<String, Object>> contents(UserMessage message) {
        List<Map<String, Object>> contents = new ArrayList<>();
        message.getMedia().forEach(media -> contents.add(picture(media)));
        if (message.getText() != null && (!message.getText().isEmpty() || contents.isEmpty())) {
            contents.add(Map.of("type", "text", "text", message.getText()));
        }
        return contents;
    }

    private static Map<String, Object> picture(Media media) {
        if (!media.getMimeType().getType().equals("image")) {
            throw new InvalidRequestException(
                    "media", "of the type " + media.getMimeType() + " are not served here: send pictures");
        }
        String url = media.getData() instanceof byte[] bytes
                ? "data:" + media.getMimeType() + ";base64,"
                        + Base64.getEncoder().encodeToString(bytes)
                : media.getData().toString();
        return Map.of("type", "image_url", "image_url", Map.of("url", url));
    }

    private static Map<String, Object> answer(AssistantMessage message) {
        if (!message.getMedia().isEmpty()) {
            throw new InvalidRequestException(
                    "media", "in an AssistantMessage are not served here: show them in a UserMessage");
        }
        Map<String, Object> turn = turn("assistant", message.getText());
        if (message.hasToolCalls()) {
            turn.put(
                    "tool_calls",
                    message.getToolCalls().stream()
                            .map(call -> Map.of(
                                    "id",
                                    call.id(),
                                    "type",
                                    "function",
                                    "function",
                                    Map.of("name", call.name(), "arguments", call.arguments())))
                            .toList());
        }
        return turn;
    }

    private static Map<String, Object> tool(ToolDefinition tool) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", tool.name());
        put(function, "description", tool.description());
        function.put("parameters", ModelOptionsUtils.jsonToMap(tool.inputSchema()));
        return Map.of("type", "function", "function", function);
    }
}
