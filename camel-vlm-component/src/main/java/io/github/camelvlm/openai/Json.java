package io.github.camelvlm.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.camelvlm.chat.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads and writes JSON, within bounds that a hostile body cannot pass. */
public final class Json {
    /** The most characters of one string: a picture in base64 is one. */
    private static final int MAX_STRING_LENGTH = 100_000_000;

    private static final int MAX_DEPTH = 100;

    // A tree takes some 50 bytes per token, so a body of empty lists must not become gigabytes of it.
    private static final int MAX_TOKENS = 1_000_000;
    private static final long MAX_STREAM_LENGTH = 500_000_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(MAX_STRING_LENGTH)
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(MAX_TOKENS)
                            .maxDocumentLength(MAX_STREAM_LENGTH)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    // The JVM's table of names takes each one longer the more it holds: half a million took 15 s.
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .build();
    private static final ObjectReader TREES = MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** With a space after each colon and comma, as Python's {@code json.dumps} writes and models learn to read. */
    private static final ObjectWriter SPACED = MAPPER.writer(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEntrySpacing(Separators.Spacing.AFTER)
                    .withArrayValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(new DefaultPrettyPrinter.NopIndenter())
            .withArrayIndenter(new DefaultPrettyPrinter.NopIndenter()));

    /** How the parser writes a place: {@code [Source: REDACTED (`…` disabled); line: 1, column: 2]}. */
    private static final Pattern SOURCE = Pattern.compile("\\[Source:[^]]*?(line: \\d+, column: \\d+)]");

    /** How it names a setting or a class: mostly in grave accents, after a few words. */
    private static final Pattern SETTING = Pattern.compile(
            "(, from|: enable|: not allowed as per)? ?`[^`]*`( to allow)?|: maybe a \\(non-standard\\) comment\\?.*");

    private Json() {}

    static JsonValue parse(String body) {
        return parse(() -> TREES.readTree(body));
    }

    /** Reads JSON in UTF-8, UTF-16 or UTF-32; what cannot be read is an {@link InvalidRequestException}. */
    public static JsonValue parse(byte[] body) {
        return parse(() -> TREES.readTree(body));
    }

    static JsonValue parse(InputStream body) {
        return parse(() -> TREES.readTree(body));
    }

    /** By way of text, so that its bounds hold for maps too: one that holds itself has no end. */
    static JsonValue from(Map<?, ?> body) {
        try {
            return parse(MAPPER.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(JsonValue.ROOT, "cannot be written as JSON: " + reason(e));
        }
    }

    /** Writes a value on one line. */
    public static String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a " + value.getClass().getSimpleName() + " cannot be written as JSON", e);
        }
    }

    /** Writes on one line, with spaces as {@link #SPACED} says. */
    static String writeSpaced(JsonNode value) {
        try {
            return SPACED.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree cannot be written as JSON", e);
        }
    }

    /** The value that a text holds, or null if it is not JSON. */
    static JsonNode readTree(String text) {
        try {
            return TREES.readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** Reads UTF-8 token by token, whose places are counted in bytes. */
    static JsonParser parser(byte[] json) throws IOException {
        return MAPPER.createParser(json);
    }

    /** Reads a text token by token. */
    static JsonParser parser(String text) throws IOException {
        return MAPPER.createParser(text);
    }

    /** What a field holds as text. */
    static JsonValue parse(String path, String text) {
        return parse(path, () -> TREES.readTree(text));
    }

    private static JsonValue parse(Source source) {
        return parse(JsonValue.ROOT, source);
    }

    private static JsonValue parse(String path, Source source) {
        try {
            return JsonValue.of(path, source.read());
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(path, "is not valid JSON" + place(e) + ": " + reason(e));
        } catch (IOException e) {
            throw new InvalidRequestException(path, "cannot be read to its end: " + e.getMessage());
        }
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }

    /** What the parser says, without the names of its classes and settings, which no client knows. */
    private static String reason(JsonProcessingException e) {
        if (e instanceof MismatchedInputException) {
            return "more follows where it must have ended";
        }
        String said = SOURCE.matcher(e.getOriginalMessage()).replaceAll("$1");
        return JsonValue.clip(SETTING.matcher(said).replaceAll(""));
    }

    @FunctionalInterface
    private interface Source {
        JsonNode read() throws IOException;
    }
}
