package io.github.camelvlm.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JSON file of a model directory, with errors that name the file. */
public record JsonFile(Path path, JsonNode root) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Five times the largest tokenizer; parsed, a file takes some ten times as much memory. */
    private static final long MAX_BYTES = 64_000_000;

    private static final int MAX_QUOTED = 100;

    /** @throws ModelLoadException if the file is missing, unreadable, too large or not a JSON object */
    public static JsonFile read(Path directory, String name) {
        Path path = directory.resolve(name);
        if (!Files.isRegularFile(path)) {
            throw new ModelLoadException("The model directory " + directory + " lacks " + name
                    + ": download the whole repository of the model into it");
        }
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new ModelLoadException(path + " has " + Files.size(path) + " bytes, more than the " + MAX_BYTES
                        + " that one may have: use the model's own file");
            }
            JsonNode root = JSON.readTree(path.toFile());
            if (!root.isObject()) {
                throw new ModelLoadException(path + " is not a JSON object: copy or download it again");
            }
            return new JsonFile(path, root);
        } catch (JsonProcessingException e) {
            throw new ModelLoadException(path + " is not JSON: copy or download it again", e);
        } catch (IOException e) {
            throw new ModelLoadException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** A required whole number within bounds. */
    public int whole(JsonNode object, String field, int least, int most) {
        JsonNode value = object.path(field);
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < least
                || value.intValue() > most) {
            throw wrong(
                    field,
                    least == most ? String.valueOf(least) : "a whole number from " + least + " to " + most,
                    value);
        }
        return value.intValue();
    }

    /** A whole number within bounds, or {@code otherwise} if the field is missing. */
    public int whole(JsonNode object, String field, int least, int most, int otherwise) {
        return object.hasNonNull(field) ? whole(object, field, least, most) : otherwise;
    }

    /** A required number within bounds. */
    public double number(JsonNode object, String field, double least, double most) {
        JsonNode value = object.path(field);
        if (!value.isNumber() || !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            throw wrong(field, "a number from " + least + " to " + most, value);
        }
        return value.doubleValue();
    }

    /** A number, or null if the field is missing. */
    public Double number(JsonNode object, String field) {
        return object.hasNonNull(field)
                ? Double.valueOf(number(object, field, -Double.MAX_VALUE, Double.MAX_VALUE))
                : null;
    }

    /** A token id or a list of them, as a list, which is empty if the field is missing. */
    public List<Integer> tokens(JsonNode object, String field, int vocabulary) {
        JsonNode value = object.path(field);
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : value.isArray() ? value : List.of(value)) {
            if (value.isMissingNode() || value.isNull()) {
                break;
            }
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0 || id.intValue() >= vocabulary) {
                throw wrong(field, "token ids from 0 to " + (vocabulary - 1), value);
            }
            ids.add(id.intValue());
        }
        return List.copyOf(ids);
    }

    /** A list of names, which is empty if the field is missing. */
    public List<String> names(JsonNode object, String field) {
        JsonNode value = object.path(field);
        List<String> names = new ArrayList<>();
        boolean isList = value.isArray();
        for (JsonNode name : value) {
            isList = isList && name.isTextual();
            names.add(name.asText());
        }
        if (object.hasNonNull(field) && !isList) {
            throw wrong(field, "a list of names", value);
        }
        return List.copyOf(names);
    }

    /** Refuses a name that is not one of these, unless it is missing. */
    public void requireOneOf(JsonNode object, String field, String... names) {
        JsonNode value = object.path(field);
        if (object.hasNonNull(field) && !List.of(names).contains(value.asText())) {
            throw wrong(field, String.join(" or ", names), value);
        }
    }

    /** The refusal of a field's value. */
    public ModelLoadException wrong(String field, String expected, JsonNode value) {
        return new ModelLoadException(path + ": " + field + " must be " + expected
                + (value.isMissingNode() ? ", but is missing" : ", but is " + abbreviated(value)));
    }

    static String abbreviated(JsonNode value) {
        String text = value.toString();
        return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
    }
}
