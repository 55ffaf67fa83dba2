package io.github.camelvlm.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.chat.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.apache.camel.support.ResourceHelper;

/**
 * The forms that answers must have, as headers ask for them and, where a message has none of these, the options. Either
 * asks for one: a JSON Schema, the class of which it is made, choices, or a regular expression.
 */
public final class AskedForms {
    private static final String RESOURCE = "resource:";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // A number beyond those of a double would become a text otherwise.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();

    private final CamelContext context;
    private final AnswerForm ofOptions;

    /**
     * Reads what the options say, a schema's file too.
     *
     * @throws IllegalArgumentException if they ask for two forms, or for one that cannot be had
     */
    public AskedForms(MessageOptions options, CamelContext context) {
        this.context = context;
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("jsonSchema", blankToNull(options.getJsonSchema()));
        asked.put("outputClass", blankToNull(options.getOutputClass()));
        asked.put("choices", blankToNull(options.getChoices()));
        asked.put("regex", blankToNull(options.getRegex()));
        try {
            asked.computeIfPresent("jsonSchema", (option, schema) -> schemaText((String) schema));
            ofOptions = one(asked, List.copyOf(asked.keySet()));
        } catch (InvalidRequestException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String blankToNull(String option) {
        return option == null || option.isBlank() ? null : option;
    }

    /**
     * The form that a message's answer must have.
     *
     * @param message the message, or null for what the options say
     * @return null for any form
     * @throws InvalidRequestException if headers ask for two, or for one that cannot be had
     */
    public AnswerForm of(Message message) {
        if (message == null) {
            return ofOptions;
        }
        List<String> headers =
                List.of(VlmHeaders.JSON_SCHEMA, VlmHeaders.OUTPUT_CLASS, VlmHeaders.CHOICES, VlmHeaders.REGEX);
        Map<String, Object> asked = new LinkedHashMap<>();
        headers.forEach(name -> asked.put(name, message.getHeader(name)));
        AnswerForm ofHeaders = one(asked, headers);
        return ofHeaders != null ? ofHeaders : ofOptions;
    }

    /** @param names of schema, class, choices and regular expression, which errors call them */
    private AnswerForm one(Map<String, Object> asked, List<String> names) {
        List<String> set =
                names.stream().filter(name -> asked.get(name) != null).toList();
        if (set.isEmpty()) {
            return null;
        }
        if (set.size() > 1) {
            throw new InvalidRequestException(
                    set.get(1), "is set beside " + set.get(0) + ", but an answer has one form: leave one of them out");
        }
        String name = set.get(0);
        Object value = asked.get(name);
        if (value instanceof String text && text.isBlank()) {
            // Free text in its place would hide that the route's own has got lost.
            throw new InvalidRequestException(name, "is empty: write a form into it, or remove it");
        }
        return switch (names.indexOf(name)) {
            case 0 -> new AnswerForm(new AnswerFormat.Json(name, schema(name, value)), null);
            case 1 -> ofClass(name, value);
            case 2 -> new AnswerForm(new AnswerFormat.Choice(name, choices(value)), null);
            default -> new AnswerForm(new AnswerFormat.Regex(name, value.toString()), null);
        };
    }

    /** What the option says, or what the resource holds that it names. */
    private String schemaText(String option) {
        String text = option.strip();
        if (text.startsWith("{")) {
            return text;
        }
        String place = text.startsWith(RESOURCE) ? text.substring(RESOURCE.length()) : text;
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, place)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "jsonSchema is neither a JSON Schema nor the place of one: " + Echo.of(text)
                            + " cannot be read. Write resource:classpath:… or resource:file:…, or the schema itself",
                    e);
        }
    }

    private static String schema(String name, Object value) {
        try {
            // By way of text, whose depth Jackson bounds: a map that holds itself has no end.
            JsonNode schema = JSON.readTree(value instanceof String text ? text : JSON.writeValueAsString(value));
            if (!schema.isObject()) {
                throw new InvalidRequestException(name, "must be a JSON Schema, which is a JSON object");
            }
            return JSON.writeValueAsString(schema);
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(name, "is not valid JSON: " + Echo.of(e.getOriginalMessage()));
        }
    }

    private AnswerForm ofClass(String name, Object value) {
        try {
            Class<?> type = value instanceof Class<?> given
                    ? given
                    : context.getClassResolver()
                            .resolveMandatoryClass(value.toString().strip());
            return new AnswerForm(new AnswerFormat.Json(name, ClassSchemas.of(type)), type);
        } catch (ClassNotFoundException e) {
            throw new InvalidRequestException(
                    name, "names the class " + Echo.of(value.toString()) + ", which is not on the class path");
        } catch (NoClassDefFoundError e) {
            throw new IllegalArgumentException(
                    name + " needs com.github.victools:jsonschema-generator and"
                            + " com.github.victools:jsonschema-module-jackson: add them to the dependencies",
                    e);
        }
    }

    private static List<String> choices(Object value) {
        return value instanceof Collection<?> texts
                ? texts.stream().map(String::valueOf).toList()
                : Arrays.stream(value.toString().split(",")).map(String::strip).toList();
    }
}
