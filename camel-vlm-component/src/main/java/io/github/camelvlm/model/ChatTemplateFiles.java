package io.github.camelvlm.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the chat template of a model directory, which exporters have written to three places over time. */
final class ChatTemplateFiles {
    private static final String FIELD = "chat_template";

    private ChatTemplateFiles() {}

    /**
     * Reads the template.
     *
     * @throws ModelLoadException if none of the three places has one, or a file is broken
     */
    static String read(Path directory) {
        return fromJson(directory, "chat_template.json")
                .or(() -> fromJinja(directory.resolve("chat_template.jinja")))
                .or(() -> fromJson(directory, "tokenizer_config.json"))
                .orElseThrow(() -> new ModelLoadException("The model directory " + directory
                        + " has no chat template: add chat_template.json, chat_template.jinja, or the field"
                        + " chat_template of tokenizer_config.json from the model's page"));
    }

    private static Optional<String> fromJinja(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JinjaTemplate.requireLength(Files.size(file) / 4);
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            throw new ModelLoadException(file + " cannot be read, copy the whole file: " + e.getMessage(), e);
        }
    }

    private static Optional<String> fromJson(Path directory, String name) {
        return Files.isRegularFile(directory.resolve(name))
                ? template(JsonFile.read(directory, name).root().path(FIELD))
                : Optional.empty();
    }

    /** The template itself, or of a list of named ones that for plain conversations. */
    private static Optional<String> template(JsonNode field) {
        if (field.isTextual()) {
            return Optional.of(field.textValue());
        }
        for (JsonNode named : field) {
            if ("default".equals(named.path("name").asText())
                    && named.path("template").isTextual()) {
                return Optional.of(named.path("template").textValue());
            }
        }
        return Optional.empty();
    }
}
