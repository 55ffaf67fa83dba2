package io.github.camelvlm.qwen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JSON file of a model directory, with errors that name the file. */
record JsonFile(Path path, JsonNode root) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws ModelLoadException if the file is missing, unreadable or not a JSON object */
    static JsonFile read(Path directory, String name) {
        Path path = directory.resolve(name);
        if (!Files.isRegularFile(path)) {
            throw new ModelLoadException("The model directory " + directory + " lacks " + name
                    + ": download the whole repository of the model into it");
        }
        try {
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

    /** A required positive integer. */
    int positive(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (!value.canConvertToInt() || value.intValue() < 1) {
            throw wrong(field, "a positive whole number", value);
        }
        return value.intValue();
    }

    /** A positive integer, or {@code otherwise} if the field is missing. */
    int positive(JsonNode object, String field, int otherwise) {
        return object.hasNonNull(field) ? positive(object, field) : otherwise;
    }

    /** A required number. */
    double number(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (!value.isNumber()) {
            throw wrong(field, "a number", value);
        }
        return value.doubleValue();
    }

    ModelLoadException wrong(String field, String expected, JsonNode value) {
        return new ModelLoadException(path + ": " + field + " must be " + expected
                + (value.isMissingNode() ? ", but is missing" : ", but is " + value));
    }
}
