package io.github.camelvlm.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.camelvlm.chat.InvalidRequestException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** A schema as it was sent, and what it refers to within itself. */
final class SchemaDocument {
    private static final int LONGEST_NUMBER = 100;
    private static final ObjectReader READER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Bounds.DEEPEST_SCHEMA)
                            .maxNumberLength(LONGEST_NUMBER)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private final Place root;
    private final Map<JsonNode, Integer> numbers = new IdentityHashMap<>();

    /** @throws InvalidRequestException if it is too large or no schema */
    SchemaDocument(String field, String json) {
        if (json.length() > Bounds.LONGEST_SCHEMA) {
            throw new InvalidRequestException(
                    field,
                    "is a schema of " + json.length() + " characters; the most served are " + Bounds.LONGEST_SCHEMA,
                    "unsupported_value");
        }
        root = new Place(read(field, json), field);
        requireSchema(root);
    }

    private static JsonNode read(String field, String json) {
        try {
            return READER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException(field, "cannot be read as JSON: " + e.getOriginalMessage());
        }
    }

    Place root() {
        return root;
    }

    /** A number for each schema, so that it can be recognized. */
    int number(Place place) {
        return numbers.computeIfAbsent(place.node(), node -> numbers.size());
    }

    /** @throws InvalidRequestException if it is neither an object nor a boolean */
    static void requireSchema(Place place) {
        if (place.node() == null || !place.node().isObject() && !place.node().isBoolean()) {
            throw new InvalidRequestException(place.path(), "must be a schema: an object, true or false");
        }
    }

    /** What the {@code $ref} of a schema refers to. */
    Place referred(Place place) {
        String reference = place.get("$ref").textValue();
        if (reference == null) {
            throw place.broken("$ref", "must be a text");
        }
        if (!reference.startsWith("#") || reference.length() > 1 && reference.charAt(1) != '/') {
            throw place.unsupported("$ref", "only references into the schema itself are, such as #/$defs/name");
        }
        JsonPointer pointer;
        try {
            // A plus is a plus in the fragment of an address.
            pointer = JsonPointer.compile(
                    URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw place.broken("$ref", "must be a JSON pointer, such as #/$defs/name");
        }
        Place target = new Place(root.node().at(pointer), path(pointer));
        if (target.node().isMissingNode()) {
            throw place.broken("$ref", "refers to something that the schema does not have");
        }
        requireSchema(target);
        return target;
    }

    private String path(JsonPointer pointer) {
        List<String> steps = new ArrayList<>(List.of(root.path()));
        for (JsonPointer at = pointer; !at.matches(); at = at.tail()) {
            steps.add(at.getMatchingProperty());
        }
        return String.join(".", steps);
    }
}
