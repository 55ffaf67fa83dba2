package io.github.camelvlm.catalog;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Texts that are made of the component's catalog JSON: the tables of its page, and the metadata for Spring Boot. */
final class CatalogTexts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode catalog;

    CatalogTexts() throws IOException {
        try (InputStream json = CatalogTexts.class.getResourceAsStream("/META-INF/io/github/camelvlm/vlm.json")) {
            catalog = JSON.readTree(json);
        }
    }

    /** The options of the component, of the endpoint and the headers, each as an AsciiDoc table. */
    String tables() {
        return "== Component Options\n\n"
                + table("Name", catalog.get("componentProperties"), option -> true)
                + "\n== Endpoint Options\n\n"
                + "The syntax is `" + catalog.at("/component/syntax").asText() + "`.\n\n"
                + "=== Path Parameters\n\n"
                + table("Name", catalog.get("properties"), CatalogTexts::isPath)
                + "\n=== Query Parameters\n\n"
                + table("Name", catalog.get("properties"), option -> !isPath(option))
                + "\n== Message Headers\n\n"
                + table("Header", catalog.get("headers"), header -> true);
    }

    private static boolean isPath(JsonNode option) {
        return option.get("kind").asText().equals("path");
    }

    private static String table(String name, JsonNode options, Predicate<JsonNode> wanted) {
        StringBuilder table = new StringBuilder("[width=\"100%\",cols=\"2,5,^1,2\",options=\"header\"]\n|===\n| " + name
                + " | Description | Default | Type\n");
        for (Map.Entry<String, JsonNode> entry : options.properties()) {
            JsonNode option = entry.getValue();
            if (!wanted.test(option)) {
                continue;
            }
            String group = option.path("group").asText().replace("producer", "").strip();
            String description = sentence(option).replace("|", "\\|");
            table.append("\n| *").append(entry.getKey()).append("*");
            table.append(group.isEmpty() || option.get("kind").asText().equals("header") ? "" : " (" + group + ")");
            table.append(option.get("required").asBoolean() ? " | *Required* " : " | ");
            // Asterisks and the like are no mark-up here.
            table.append(description.contains("*") ? "pass:[" + description + "]" : description);
            if (option.has("enum")) {
                table.append(" One of: ");
                option.get("enum").forEach(value -> table.append(value.asText()).append(", "));
                table.setLength(table.length() - 2);
                table.append(".");
            }
            table.append(" | ").append(option.path("defaultValue").asText());
            table.append(" | ").append(shortType(option.get("javaType").asText()));
            table.append("\n");
        }
        return table.append("|===\n").toString();
    }

    private static String sentence(JsonNode option) {
        String description = option.get("description").asText();
        return description.endsWith(".") ? description : description + ".";
    }

    private static String shortType(String javaType) {
        return javaType.contains("<") ? javaType : javaType.substring(javaType.lastIndexOf('.') + 1);
    }

    /** What an editor of {@code application.properties} knows of the options. */
    String springMetadata() throws IOException {
        String prefix = "camel.component.vlm";
        ObjectNode metadata = JSON.createObjectNode();
        metadata.putArray("groups")
                .addObject()
                .put("name", prefix)
                .put("type", catalog.at("/component/javaType").asText())
                .put("description", catalog.at("/component/description").asText());
        var properties = metadata.putArray("properties");
        properties
                .addObject()
                .put("name", prefix + ".enabled")
                .put("type", "java.lang.Boolean")
                .put("description", "Whether the component takes its options from these properties.")
                .put("defaultValue", true);
        for (Map.Entry<String, JsonNode> entry :
                catalog.get("componentProperties").properties()) {
            ObjectNode property = properties
                    .addObject()
                    .put("name", prefix + "." + dashed(entry.getKey()))
                    .put("type", boxed(entry.getValue().get("javaType").asText()))
                    .put("description", sentence(entry.getValue()));
            if (entry.getValue().has("defaultValue")) {
                property.set("defaultValue", entry.getValue().get("defaultValue"));
            }
        }
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        return JSON.writer(printer.withObjectIndenter(indenter).withArrayIndenter(indenter))
                        .writeValueAsString(metadata)
                + "\n";
    }

    private static String dashed(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    private static String boxed(String javaType) {
        return switch (javaType) {
            case "boolean" -> "java.lang.Boolean";
            case "int" -> "java.lang.Integer";
            case "long" -> "java.lang.Long";
            case "double" -> "java.lang.Double";
            default -> javaType;
        };
    }
}
