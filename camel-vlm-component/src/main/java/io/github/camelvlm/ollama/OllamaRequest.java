package io.github.camelvlm.ollama;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.dialect.Turns;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.ChatCompletionRequestBuilder;
import io.github.camelvlm.openai.JsonValue;
import io.github.camelvlm.openai.RequestTool;
import io.github.camelvlm.openai.ResponseFormat;
import io.github.camelvlm.openai.StreamOptions;
import java.util.List;
import java.util.Map;

/**
 * A request of Ollama's as one for a chat completion.
 *
 * @param asked what the model is asked
 * @param turns where the client wrote its parts
 * @param model the name of the model as the client wrote it, or null
 * @param isChat whether the answer is a message, and not a text alone
 */
record OllamaRequest(ChatCompletionRequest asked, Turns turns, String model, boolean isChat) {
    static final String LATEST = ":latest";

    /** What the client calls fields of the chat completion. */
    static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("max_tokens", "options.num_predict"),
            Map.entry("temperature", "options.temperature"),
            Map.entry("top_p", "options.top_p"),
            Map.entry("top_k", "options.top_k"),
            Map.entry("min_p", "options.min_p"),
            Map.entry("seed", "options.seed"),
            Map.entry("stop", "options.stop"),
            Map.entry("repetition_penalty", "options.repeat_penalty"),
            Map.entry("presence_penalty", "options.presence_penalty"),
            Map.entry("frequency_penalty", "options.frequency_penalty"),
            Map.entry("response_format", "format"),
            Map.entry("response_format.json_schema.schema", "format"));

    /** @throws InvalidRequestException if it is none, or has what is not served */
    static OllamaRequest read(JsonValue body, String path) {
        body.requireObject();
        boolean isChat = path.endsWith("/chat");
        refuseUnserved(body);
        Turns turns = new Turns();
        if (isChat) {
            body.get("messages").list().forEach(message -> OllamaMessages.turn(message, turns));
        } else {
            OllamaMessages.prompt(body, turns);
        }
        String model = body.get("model").string();
        ChatCompletionRequestBuilder asked =
                ChatCompletionRequest.builder()
                        .model(model == null ? null : untagged(model))
                        .messages(turns.messages())
                        .stream(!Boolean.FALSE.equals(body.get("stream").bool()))
                        .streamOptions(new StreamOptions(true))
                        .tools(tools(body.get("tools")))
                        .responseFormat(format(body.get("format")));
        OllamaOptions.read(body.get("options"), asked);
        return new OllamaRequest(asked.build(), turns, model, isChat);
    }

    /** A name without the tag that Ollama adds to names without one. */
    static String untagged(String model) {
        return model.endsWith(LATEST) ? model.substring(0, model.length() - LATEST.length()) : model;
    }

    private static void refuseUnserved(JsonValue body) {
        JsonValue think = body.get("think");
        if (!think.isAbsent() && (think.isString() || Boolean.TRUE.equals(think.bool()))) {
            throw think.unserved("is set, but this model does not think before it answers: leave it out");
        }
        JsonValue raw = body.get("raw");
        if (Boolean.TRUE.equals(raw.bool())) {
            throw raw.unserved("is not served here: the model's own chat template is always used");
        }
        if (Boolean.TRUE.equals(body.get("logprobs").bool())) {
            throw body.get("logprobs").unserved("is not served here: /v1/chat/completions tells them");
        }
        for (String name : List.of("suffix", "template")) {
            String value = body.get(name).string();
            if (value != null && !value.isEmpty()) {
                throw body.get(name).unserved("is not served here: leave it out");
            }
        }
        JsonValue context = body.get("context");
        if (!context.isAbsent() && !context.isEmpty()) {
            throw context.unserved("is not served here: send the conversation to /api/chat");
        }
    }

    private static List<RequestTool> tools(JsonValue tools) {
        return tools.isAbsent() || tools.isEmpty()
                ? null
                : tools.list().stream().map(OllamaRequest::tool).toList();
    }

    private static RequestTool tool(JsonValue tool) {
        tool.requireObject().get("type").string();
        return RequestTool.ofFunction(tool);
    }

    private static ResponseFormat format(JsonValue format) {
        if (format.isAbsent() || format.isString() && format.requireString().isEmpty()) {
            return null;
        }
        if (format.isObject()) {
            return new ResponseFormat(
                    "json_schema", new ResponseFormat.JsonSchema(null, format.requireFiniteObject(), true));
        }
        if (!format.requireString().equals("json")) {
            throw new InvalidRequestException(
                    format.path(),
                    "must be json or a JSON Schema, but is \"" + JsonValue.clip(format.requireString()) + "\"");
        }
        return new ResponseFormat("json_object", null);
    }
}
