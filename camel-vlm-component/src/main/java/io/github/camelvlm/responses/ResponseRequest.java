package io.github.camelvlm.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.dialect.Turns;
import io.github.camelvlm.openai.ChatCompletionReader;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.JsonValue;
import io.github.camelvlm.openai.RequestMessage;
import io.github.camelvlm.openai.RequestTool;
import io.github.camelvlm.openai.RequestToolChoice;
import io.github.camelvlm.openai.ResponseFormat;
import io.github.camelvlm.openai.StreamOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The body of {@code POST /v1/responses}.
 *
 * @param asked what it asks of the model
 * @param body as the client wrote it, for what a response tells of its request
 * @param turns where the client wrote the parts of {@code asked}
 * @param inherited the conversation without the instructions, which the next request does not inherit
 * @param owner whose it is
 * @param isKept whether the response shall be kept
 */
record ResponseRequest(
        ChatCompletionRequest asked,
        JsonNode body,
        Turns turns,
        List<RequestMessage> inherited,
        String owner,
        boolean isKept) {
    private static final String LOGPROBS = "message.output_text.logprobs";

    /** What the client calls fields of the chat completion. */
    static final Map<String, String> NAMES = Map.of(
            "messages", "input",
            "max_completion_tokens", "max_output_tokens",
            "response_format", "text.format",
            "response_format.json_schema.schema", "text.format.schema",
            "tools[].function", "tools[]");

    /** @throws InvalidRequestException if it cannot be read, or asks for what is not served */
    static ResponseRequest read(JsonValue body, String owner, ResponseStore store) {
        UnservedSettings.refuse(body.requireObject());
        Turns turns = new Turns();
        String instructions = body.get("instructions").string();
        if (instructions != null) {
            turns.add(RequestMessage.of("system", instructions), "instructions");
        }
        JsonValue previous = body.get("previous_response_id");
        previous(previous, owner, store).forEach(turn -> turns.add(turn, previous.path()));
        InputItems.read(body.get("input"), turns);
        List<RequestMessage> messages = turns.messages();
        List<RequestMessage> inherited = instructions == null ? messages : messages.subList(1, messages.size());
        Integer top = body.get("top_logprobs").integer();
        boolean areLogprobsTold = areLogprobsTold(body.get("include"));
        if (top != null && top != 0 && !areLogprobsTold) {
            throw new InvalidRequestException(
                    "top_logprobs", "needs \"" + LOGPROBS + "\" in include: put it there, or leave top_logprobs out");
        }
        boolean isKept = !Boolean.FALSE.equals(body.get("store").bool()) && store.hasRoomFor(inherited);
        ChatCompletionRequest asked = ChatCompletionReader.drawing(body)
                .model(body.get("model").string())
                .messages(messages)
                .maxCompletionTokens(body.get("max_output_tokens").integer())
                .logprobs(areLogprobsTold ? Boolean.TRUE : null)
                .topLogprobs(areLogprobsTold ? top : null)
                .stream(Boolean.TRUE.equals(body.get("stream").bool()))
                .streamOptions(new StreamOptions(true))
                .tools(tools(body.get("tools")))
                .toolChoice(toolChoice(body.get("tool_choice")))
                .parallelToolCalls(body.get("parallel_tool_calls").bool())
                .responseFormat(format(body.get("text")))
                .user(body.get("user").string())
                .metadata(body.get("metadata").stringFields())
                .build();
        return new ResponseRequest(asked, body.node(), turns, inherited, owner, isKept);
    }

    private static List<RequestMessage> previous(JsonValue id, String owner, ResponseStore store) {
        if (id.isAbsent()) {
            return List.of();
        }
        return store.find(id.requireString(), owner)
                .orElseThrow(() -> new InvalidRequestException(
                        id.path(),
                        "names no response that is kept, or not any more: send the whole conversation as input",
                        "previous_response_not_found"))
                .turns();
    }

    /** Other things that a response can include are never there. */
    private static boolean areLogprobsTold(JsonValue include) {
        List<String> asked = include.strings();
        return asked != null && asked.contains(LOGPROBS);
    }

    private static List<RequestTool> tools(JsonValue tools) {
        if (tools.isAbsent()) {
            return null;
        }
        List<RequestTool> read = new ArrayList<>();
        for (JsonValue tool : tools.list()) {
            JsonValue type = tool.requireObject().get("type");
            if (!type.requireString().equals("function")) {
                throw type.unserved("must be function, but is \"" + JsonValue.clip(type.requireString())
                        + "\": this server has no tools of its own");
            }
            tool.get("name").requireString();
            if (!tool.get("parameters").isAbsent()) {
                tool.get("parameters").requireFiniteObject();
            }
            var function = JsonNodeFactory.instance.objectNode();
            tool.fields().forEach((name, value) -> {
                if (!name.equals("type") && !value.isAbsent()) {
                    function.set(name, value.node());
                }
            });
            var written = JsonNodeFactory.instance.objectNode();
            written.put("type", "function").set("function", function);
            read.add(new RequestTool(written));
        }
        return read;
    }

    private static RequestToolChoice toolChoice(JsonValue choice) {
        if (choice.isAbsent()) {
            return null;
        }
        if (choice.isString()) {
            return new RequestToolChoice(choice.requireString(), null);
        }
        String type = choice.requireObject().get("type").requireString();
        if (!type.equals("function")) {
            throw choice.unserved(
                    "must be none, auto, required or name a function, but is \"" + JsonValue.clip(type) + "\"");
        }
        return new RequestToolChoice(null, choice.get("name").requireString());
    }

    private static ResponseFormat format(JsonValue text) {
        if (text.isAbsent() || text.requireObject().get("format").isAbsent()) {
            return null;
        }
        JsonValue format = text.get("format").requireObject();
        String type = format.get("type").requireString();
        return switch (type) {
            case "text" -> null;
            case "json_object" -> new ResponseFormat(type, null);
            case "json_schema" ->
                new ResponseFormat(
                        type,
                        new ResponseFormat.JsonSchema(
                                format.get("name").string(),
                                format.get("schema").requireFiniteObject(),
                                format.get("strict").bool()));
            default ->
                throw format.get("type")
                        .unserved("must be text, json_object or json_schema, but is \"" + JsonValue.clip(type) + "\"");
        };
    }
}
