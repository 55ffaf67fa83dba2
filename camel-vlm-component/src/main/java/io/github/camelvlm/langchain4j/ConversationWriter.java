package io.github.camelvlm.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes LangChain4j's requests in OpenAI's format. What is not served is refused by its name. */
final class ConversationWriter {
    private ConversationWriter() {}

    /** @throws UnsupportedFeatureException if it has something that is not served */
    static Map<String, Object> write(ChatRequest request) {
        ChatRequestParameters parameters = request.parameters();
        if (parameters.getClass() != DefaultChatRequestParameters.class) {
            throw new UnsupportedFeatureException("parameters of the class "
                    + parameters.getClass().getName()
                    + " are not served here: make them by ChatRequestParameters.builder()");
        }
        Map<String, Object> written = new LinkedHashMap<>();
        put(written, "model", parameters.modelName());
        written.put(
                "messages",
                request.messages().stream().map(ConversationWriter::message).toList());
        put(written, "temperature", parameters.temperature());
        put(written, "top_p", parameters.topP());
        put(written, "top_k", parameters.topK());
        put(written, "frequency_penalty", parameters.frequencyPenalty());
        put(written, "presence_penalty", parameters.presencePenalty());
        put(written, "max_tokens", parameters.maxOutputTokens());
        if (!parameters.stopSequences().isEmpty()) {
            written.put("stop", parameters.stopSequences());
        }
        if (!parameters.toolSpecifications().isEmpty()) {
            written.put(
                    "tools",
                    parameters.toolSpecifications().stream()
                            .map(ConversationWriter::tool)
                            .toList());
        }
        if (parameters.toolChoice() != null) {
            written.put("tool_choice", parameters.toolChoice().name().toLowerCase(Locale.ROOT));
        }
        put(written, "response_format", format(parameters.responseFormat()));
        return written;
    }

    private static void put(Map<String, Object> written, String field, Object value) {
        if (value != null) {
            written.put(field, value);
        }
    }

    private static Map<String, Object> message(ChatMessage message) {
        Map<String, Object> written = new LinkedHashMap<>();
        if (message instanceof SystemMessage system) {
            written.put("role", "system");
            written.put("content", system.text());
        } else if (message instanceof UserMessage user) {
            written.put("role", "user");
            written.put("content", contents(user.contents()));
        } else if (message instanceof AiMessage answer) {
            if (!answer.images().isEmpty()) {
                throw new UnsupportedFeatureException(
                        "pictures in an AiMessage are not served here: show them in a UserMessage");
            }
            written.put("role", "assistant");
            written.put("content", answer.text());
            if (answer.hasToolExecutionRequests()) {
                written.put(
                        "tool_calls",
                        answer.toolExecutionRequests().stream()
                                .map(ConversationWriter::call)
                                .toList());
            }
        } else if (message instanceof ToolExecutionResultMessage result) {
            written.put("role", "tool");
            put(written, "tool_call_id", result.id());
            written.put("content", contents(result.contents()));
        } else {
            throw new UnsupportedFeatureException("messages of the type " + message.type() + " are not served here");
        }
        return written;
    }

    private static List<Map<String, Object>> contents(List<Content> contents) {
        List<Map<String, Object>> written = new ArrayList<>();
        for (Content content : contents) {
            if (content instanceof TextContent text) {
                written.add(Map.of("type", "text", "text", text.text()));
            } else if (content instanceof ImageContent picture) {
                written.add(Map.of("type", "image_url", "image_url", picture(picture)));
            } else {
                throw new UnsupportedFeatureException(
                        "contents of the type " + content.type() + " are not served here: send TEXT and IMAGE");
            }
        }
        return written;
    }

    private static Map<String, Object> picture(ImageContent picture) {
        Image image = picture.image();
        String url = image.url() != null
                ? image.url().toString()
                : "data:" + (image.mimeType() == null ? "image/*" : image.mimeType()) + ";base64," + image.base64Data();
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("url", url);
        if (picture.detailLevel() != null) {
            written.put("detail", picture.detailLevel().name().toLowerCase(Locale.ROOT));
        }
        return written;
    }

    private static Map<String, Object> call(ToolExecutionRequest call) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", call.name());
        function.put("arguments", call.arguments() == null ? "" : call.arguments());
        Map<String, Object> written = new LinkedHashMap<>();
        put(written, "id", call.id());
        written.put("type", "function");
        written.put("function", function);
        return written;
    }

    private static Map<String, Object> tool(ToolSpecification tool) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", tool.name());
        put(function, "description", tool.description());
        if (tool.parameters() != null) {
            function.put("parameters", JsonSchemaElementUtils.toMap(tool.parameters()));
        }
        return Map.of("type", "function", "function", function);
    }

    /** As OpenAI's strict mode has it, every field is there: an optional one may be null instead of left out. */
    private static Map<String, Object> format(ResponseFormat format) {
        if (format == null || format.type() == ResponseFormatType.TEXT) {
            return null;
        }
        if (format.jsonSchema() == null) {
            return Map.of("type", "json_object");
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        put(schema, "name", format.jsonSchema().name());
        schema.put("schema", JsonSchemaElementUtils.toMap(format.jsonSchema().rootElement(), true));
        return Map.of("type", "json_schema", "json_schema", schema);
    }
}
