package io.github.camelvlm.openai;

import io.github.camelvlm.chat.InvalidRequestException;
import java.util.List;

/** Reads one element of {@code messages}. */
public final class RequestMessageReader {
    /** The types of parts whose content is a field of the same name. */
    private static final List<String> KINDS = List.of(
            TextContent.TYPE,
            ImageContent.TYPE,
            ImageContentReader.QWEN_TYPE,
            VideoContent.URL_TYPE,
            VideoContent.LIST_TYPE,
            "refusal");

    private RequestMessageReader() {}

    /**
     * Reads a turn of a conversation.
     *
     * @throws InvalidRequestException if it is none, or has what is not served
     */
    public static RequestMessage read(JsonValue message) {
        String role = message.requireObject().get("role").requireString();
        JsonValue oldCall = message.get("function_call");
        if (!oldCall.isAbsent()) {
            throw new InvalidRequestException(
                    oldCall.path(),
                    "is the older form of tool_calls, and not served here: send tool_calls",
                    "unsupported_value");
        }
        return new RequestMessage(
                role,
                content(role, message),
                toolCalls(message.get("tool_calls")),
                message.get("tool_call_id").string());
    }

    private static List<FunctionToolCall> toolCalls(JsonValue calls) {
        return calls.isAbsent()
                ? List.of()
                : calls.list().stream().map(RequestMessageReader::toolCall).toList();
    }

    private static FunctionToolCall toolCall(JsonValue call) {
        JsonValue function = call.requireObject().get("function").requireObject();
        return new FunctionToolCall(
                null,
                call.get("id").string(),
                FunctionToolCall.TYPE,
                new FunctionToolCall.Function(
                        function.get("name").requireString(), arguments(function.get("arguments"))));
    }

    /** Most clients write them as text that holds JSON, some as the JSON itself, and some leave out those that are none. */
    private static String arguments(JsonValue arguments) {
        if (arguments.isAbsent()) {
            return "";
        }
        return arguments.isObject() ? Json.write(arguments.requireFiniteObject()) : arguments.requireString();
    }

    /**
     * Reads the content of a turn: a text or a list of parts.
     *
     * @param role of the turn
     * @param message has it as {@code content}
     * @throws InvalidRequestException if it is none, or has what is not served
     */
    public static List<ContentPart> content(String role, JsonValue message) {
        JsonValue content = message.get("content");
        String refusal = message.get("refusal").string();
        if (content.isAbsent() && refusal != null) {
            return List.of(new TextContent(refusal));
        }
        // A null is how clients write a turn without words, but a question whose content is missing is a slip.
        if (content.isAbsent() && (!content.isMissing() || role.equals("assistant"))) {
            return List.of();
        }
        if (content.isString()) {
            return List.of(new TextContent(content.requireString()));
        }
        if (!content.isList()) {
            throw content.mustBe("a string or a list of parts");
        }
        return content.list().stream().map(RequestMessageReader::part).toList();
    }

    /**
     * Reads a part of a content.
     *
     * @throws InvalidRequestException if it is none, or is not served
     */
    public static ContentPart part(JsonValue part) {
        if (part.isString()) {
            return new TextContent(part.requireString());
        }
        JsonValue type = part.requireObject().get("type");
        String kind = kind(part, type);
        return switch (kind) {
            case TextContent.TYPE, "output_text", "input_text" ->
                new TextContent(part.get("text").requireString());
            case "refusal" -> new TextContent(part.get("refusal").requireString());
            case ImageContent.TYPE,
                    ImageContentReader.QWEN_TYPE,
                    ImageContentReader.RESPONSES_TYPE,
                    ImageContentReader.FILE_TYPE,
                    ImageContentReader.RESPONSES_FILE_TYPE -> ImageContentReader.read(part, kind);
            case VideoContent.URL_TYPE, VideoContent.LIST_TYPE -> VideoContentReader.read(part, kind);
            case "input_audio", "audio_url" ->
                throw new InvalidRequestException(
                        type.path(),
                        "is " + type.requireString()
                                + ", which this model does not take: send text, pictures and videos (text, image_url, video_url)",
                        "unsupported_value");
            default ->
                throw new InvalidRequestException(
                        type.path(),
                        "must be text, image_url or video_url, but is \"" + JsonValue.clip(type.requireString())
                                + "\"");
        };
    }

    /** A part that does not say what it is is known by the field that it has, as vLLM knows it. */
    private static String kind(JsonValue part, JsonValue type) {
        if (type.isAbsent()) {
            for (String kind : KINDS) {
                if (!part.get(kind).isAbsent()) {
                    return kind;
                }
            }
        }
        return type.requireString();
    }
}
