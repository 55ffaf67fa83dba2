package io.github.camelvlm.routes.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.chat.InvalidRequestException;
import java.io.IOException;
import java.util.Arrays;

/** What a line of a batch asks, read without a tree of it: the body stays the bytes that it was. */
final class BatchRequest {
    private static final int LONGEST_ID = 512;
    private static final String LINE = "line";

    private static final JsonFactory JSON = JsonFactory.builder()
            // Its length was looked at before.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNestingDepth(100)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Places are counted in bytes.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final byte[] line;
    private String customId;
    private String method;
    private String url;
    private byte[] body;
    private boolean isStreamed;
    private InvalidRequestException fault;

    private BatchRequest(byte[] line) {
        this.line = line;
    }

    /** Reads a line. Never throws: what is wrong with it is its {@link #fault}. */
    static BatchRequest read(byte[] line) {
        BatchRequest request = new BatchRequest(line);
        try (JsonParser json = JSON.createParser(line)) {
            request.read(json);
            request.requireWhole();
        } catch (JsonProcessingException e) {
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            request.fault = new InvalidRequestException(
                    LINE,
                    "is not valid JSON" + (column > 0 ? " at column " + column : "") + ": write one object a line");
        } catch (IOException e) {
            request.fault = new InvalidRequestException(LINE, "is not UTF-8: save the file as UTF-8");
        } catch (InvalidRequestException e) {
            request.fault = e;
        }
        return request;
    }

    /** The sender's name for the request; null if the line has none that can be read. */
    String customId() {
        return customId;
    }

    String url() {
        return url;
    }

    /** The body of the request: a JSON object in UTF-8. */
    byte[] body() {
        return body;
    }

    /** Why the line is no request that can be answered; null if it is one. */
    InvalidRequestException fault() {
        return fault;
    }

    private void read(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new InvalidRequestException(
                    LINE, "must be an object with custom_id, method, url and body, and nothing else");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "custom_id" -> readCustomId(text(json, field));
                case "method" -> method = text(json, field);
                case "url" -> url = text(json, field);
                case "body" -> readBody(json);
                default -> json.skipChildren();
            }
        }
        if (json.nextToken() != null) {
            throw new InvalidRequestException(LINE, "has more than one object: write each on a line of its own");
        }
    }

    private void readCustomId(String id) {
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw new InvalidRequestException("custom_id", "must have 1 to " + LONGEST_ID + " characters");
        }
        customId = id;
    }

    private static String text(JsonParser json, String field) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw new InvalidRequestException(field, "must be a string");
        }
        return json.getText();
    }

    private void readBody(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new InvalidRequestException("body", "must be an object: what is sent to the url");
        }
        int begin = Math.toIntExact(json.currentTokenLocation().getByteOffset());
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isStream = json.currentName().equals("stream");
            isStreamed |= json.nextToken() == JsonToken.VALUE_TRUE && isStream;
            json.skipChildren();
        }
        body = Arrays.copyOfRange(
                line, begin, Math.toIntExact(json.currentLocation().getByteOffset()));
    }

    private void requireWhole() {
        require("custom_id", customId);
        require("method", method);
        require("url", url);
        require("body", body);
        if (!method.equals("POST")) {
            throw new InvalidRequestException("method", "is \"" + Echo.of(method) + "\": only POST is answered");
        }
        if (!BatchOperations.isKnown(url)) {
            throw new InvalidRequestException(
                    "url",
                    "is \"" + Echo.of(url) + "\", which is not answered in a batch: known are "
                            + BatchOperations.urls());
        }
        if (isStreamed) {
            throw new InvalidRequestException(
                    "body.stream", "must be false in a batch, whose answers are whole", "unsupported_value");
        }
    }

    private static void require(String field, Object value) {
        if (value == null) {
            throw new InvalidRequestException(field, "is missing: each line has custom_id, method, url and body");
        }
    }
}
