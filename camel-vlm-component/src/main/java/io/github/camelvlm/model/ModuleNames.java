package io.github.camelvlm.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.ModelLoadException;
import java.util.ArrayList;
import java.util.List;

/**
 * Parts of a model as a quantization's configuration names them: by a name, or the part of one between dots ({@code visual}
 * for everything in it); by {@code re:} and a regular expression that names begin with; or by {@code Linear} for all matrices.
 */
final class ModuleNames {
    /** No part. */
    static final ModuleNames NONE = new ModuleNames(List.of());

    private static final String REGEX = "re:";
    private static final String LINEAR = "Linear";
    /** All matrices. */
    static final ModuleNames ALL = new ModuleNames(List.of(LINEAR));

    private final List<String> names;
    private final List<FileExpressions.Expression> expressions = new ArrayList<>();

    private ModuleNames(List<String> names) {
        this.names = names;
    }

    /**
     * Reads those that some fields name.
     *
     * @param expressions those of the file, to which the fields' are added
     * @param object what has the fields, each of which may be missing
     * @throws ModelLoadException if a field is no list of names, or a regular expression is broken
     */
    static ModuleNames read(JsonFile file, FileExpressions expressions, JsonNode object, String... fields) {
        ModuleNames read = new ModuleNames(new ArrayList<>());
        for (String field : fields) {
            for (String entry : file.names(object, field)) {
                if (entry.startsWith(REGEX)) {
                    read.expressions.add(
                            expressions.of("quantization_config's " + field, entry.substring(REGEX.length())));
                } else {
                    read.names.add(entry);
                }
            }
        }
        return read;
    }

    /**
     * Whether a part is among them.
     *
     * @param module its names, all of which are tried
     * @throws ModelLoadException if a regular expression takes too long
     */
    boolean contain(List<String> module) {
        return module.stream().anyMatch(this::contains);
    }

    private boolean contains(String module) {
        String bounded = "." + module + ".";
        return names.stream().anyMatch(name -> name.equals(LINEAR) || bounded.contains("." + name + "."))
                || expressions.stream().anyMatch(expression -> expression.begins(module));
    }
}
