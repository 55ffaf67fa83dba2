package io.github.camelvlm.anthropic;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.dialect.Turns;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.ChatCompletionRequestBuilder;
import io.github.camelvlm.openai.JsonValue;
import io.github.camelvlm.openai.RequestTool;
import io.github.camelvlm.openai.RequestToolChoice;
import io.github.camelvlm.openai.ResponseFormat;
import io.github.camelvlm.openai.StreamOptions;
import io.github.camelvlm.openai.UnservedRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request of Anthropic's Messages as one for a chat completion.
 *
 * @param asked what the model is asked
 * @param turns where the client wrote its parts
 * @param stops the texts that end the answer; the client is told which one did
 */
record MessageRequest(ChatCompletionRequest asked, Turns turns, List<String> stops) {
    private static final UnservedRules UNSERVED = new UnservedRules()
            .add(
                    List.of("container", "context_management", "mcp_servers"),
                    UnservedRules::isEmpty,
                    UnservedRules.LEAVE_OUT);

    /** What the client calls fields of the chat completion. */
    static final Map<String, String> NAMES = Map.of(
            "stop", "stop_sequences",
            "response_format", "output_config.format",
            "response_format.json_schema.schema", "output_config.format.schema",
            "tools[].function.parameters", "tools[].input_schema",
            "tools[].function", "tools[]");

    /**
     * Reads a request.
     *
     * @param isCounted whether its tokens are counted, and it is not answered
     * @throws InvalidRequestException if it is none, or has what is not served
     */
    static MessageRequest read(JsonValue body, boolean isCounted) {
        body.requireObject();
        refuseUnserved(body);
        Turns turns = new Turns();
        MessageBlocks.system(body.get("system"), turns);
        List<JsonValue> messages = body.get("messages").list();
        messages.forEach(message -> MessageBlocks.turn(message, turns));
        List<String> stops = body.get("stop_sequences").strings();
        boolean isStopTold = stops != null && !stops.isEmpty();
        JsonValue choice = body.get("tool_choice");
        ChatCompletionRequestBuilder asked = ChatCompletionRequest.builder()
                .model(body.get("model").string())
                .messages(turns.messages())
                .maxTokens(
                        isCounted
                                ? body.get("max_tokens").integer()
                                : body.get("max_tokens").requireInteger())
                .temperature(body.get("temperature").number())
                .topP(body.get("top_p").number())
                .topK(body.get("top_k").integer())
                .stop(stops)
                // Only so is it known which of them ended the answer.
                .includeStopStrInOutput(isStopTold ? Boolean.TRUE : null)
                .stream(body.get("stream").bool())
                .streamOptions(new StreamOptions(true))
                .tools(tools(body.get("tools")))
                .toolChoice(toolChoice(choice))
                .parallelToolCalls(
                        !choice.isAbsent()
                                        && Boolean.TRUE.equals(choice.get("disable_parallel_tool_use")
                                                .bool())
                                ? Boolean.FALSE
                                : null)
                .responseFormat(format(body))
                .metadata(metadata(body.get("metadata")));
        if (isBegun(messages)) {
            asked.addGenerationPrompt(false).continueFinalMessage(true);
        }
        return new MessageRequest(asked.build(), turns, isStopTold ? stops : List.of());
    }

    /** Whether the last turn is the beginning of the answer. */
    private static boolean isBegun(List<JsonValue> messages) {
        if (messages.isEmpty()) {
            return false;
        }
        JsonValue last = messages.get(messages.size() - 1);
        JsonValue content = last.get("content");
        return "assistant".equals(last.get("role").string())
                && (content.isString()
                        || content.list().stream()
                                .noneMatch(block ->
                                        "tool_use".equals(block.get("type").string())));
    }

    private static void refuseUnserved(JsonValue body) {
        JsonValue thinking = body.get("thinking");
        if (!thinking.isAbsent()
                && "enabled".equals(thinking.requireObject().get("type").requireString())) {
            throw thinking.unserved("is enabled, but this model does not think before it answers: leave it out");
        }
        UNSERVED.refuse(body);
    }

    private static List<RequestTool> tools(JsonValue tools) {
        return tools.isAbsent()
                ? null
                : tools.list().stream().map(MessageRequest::tool).toList();
    }

    private static RequestTool tool(JsonValue tool) {
        JsonValue type = tool.requireObject().get("type");
        if (!type.isAbsent() && !type.requireString().equals("custom")) {
            throw type.unserved("must be custom, but is \"" + JsonValue.clip(type.requireString())
                    + "\": tools that run on the server are not served here");
        }
        ObjectNode function = JsonNodeFactory.instance.objectNode();
        function.put("name", tool.get("name").requireString());
        String description = tool.get("description").string();
        if (description != null) {
            function.put("description", description);
        }
        function.set("parameters", tool.get("input_schema").requireFiniteObject());
        Boolean strict = tool.get("strict").bool();
        if (strict != null) {
            function.put("strict", strict);
        }
        ObjectNode told = JsonNodeFactory.instance.objectNode().put("type", "function");
        told.set("function", function);
        return new RequestTool(told);
    }

    private static RequestToolChoice toolChoice(JsonValue choice) {
        if (choice.isAbsent()) {
            return null;
        }
        JsonValue type = choice.requireObject().get("type");
        return switch (type.requireString()) {
            case "auto", "none" -> new RequestToolChoice(type.requireString(), null);
            case "any" -> new RequestToolChoice("required", null);
            case "tool" -> new RequestToolChoice(null, choice.get("name").requireString());
            default ->
                throw new InvalidRequestException(
                        type.path(),
                        "must be auto, any, tool or none, but is \"" + JsonValue.clip(type.requireString()) + "\"");
        };
    }

    /** At its present place, or at that of its first versions. */
    private static ResponseFormat format(JsonValue body) {
        JsonValue config = body.get("output_config");
        JsonValue format = config.isAbsent()
                ? body.get("output_format")
                : config.requireObject().get("format");
        if (format.isAbsent()) {
            return null;
        }
        JsonValue type = format.requireObject().get("type");
        if (!type.requireString().equals("json_schema")) {
            throw type.unserved("must be json_schema, but is \"" + JsonValue.clip(type.requireString()) + "\"");
        }
        return new ResponseFormat(
                "json_schema",
                new ResponseFormat.JsonSchema(null, format.get("schema").requireFiniteObject(), true));
    }

    private static Map<String, String> metadata(JsonValue metadata) {
        if (metadata.isAbsent()) {
            return null;
        }
        String user = metadata.requireObject().get("user_id").string();
        Map<String, String> notes = new LinkedHashMap<>();
        if (user != null) {
            notes.put("user_id", user);
        }
        return notes;
    }
}
