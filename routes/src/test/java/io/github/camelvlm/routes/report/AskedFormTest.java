package io.github.camelvlm.routes.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.VlmConstants;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AskedFormTest {
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final AskedForm form = new AskedForm();

    private Map<String, Object> headers() {
        form.setCamelContext(context);
        form.start();
        Message message = new DefaultMessage(context);
        form.askIn(message);
        return message.getHeaders();
    }

    @Test
    void asksForNothingByDefault() {
        form.setJsonSchema("");
        form.setChoices("");
        form.setRegex("");

        assertThat(headers()).isEmpty();
    }

    @Test
    void readsTheFileOfASchema(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a schema %20.json"), "{\"enum\": [\"größer\"]}\n");
        form.setJsonSchema(file.toString());

        assertThat(headers()).containsOnly(Map.entry(VlmConstants.JSON_SCHEMA, "{\"enum\":[\"größer\"]}"));
    }

    @Test
    void takesASchemaChoicesAndRegularExpressionsAsTheyAre() {
        form.setJsonSchema("{\"type\": \"object\"}");
        assertThat(headers()).containsOnly(Map.entry(VlmConstants.JSON_SCHEMA, "{\"type\":\"object\"}"));

        form.setJsonSchema("");
        form.setChoices("a, b");
        assertThat(headers()).containsOnly(Map.entry(VlmConstants.CHOICES, List.of("a", "b")));

        form.setChoices("");
        form.setRegex("a+&\\d%");
        assertThat(headers()).containsOnly(Map.entry(VlmConstants.REGEX, "a+&\\d%"));
    }

    @Test
    void saysByTheApplicationsNamesWhatIsWrong(@TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "an object");
        form.setJsonSchema("nowhere.json");
        assertThatThrownBy(this::headers)
                .isInstanceOf(IllegalArgumentException.class)
                .extracting(failure -> OptionNames.in(failure.getMessage()))
                .isEqualTo("VLM_JSON_SCHEMA is nowhere.json, a file that cannot be read: name one with a JSON Schema in"
                        + " UTF-8");

        form.setJsonSchema(text.toString());
        assertThatThrownBy(this::headers).hasMessageEndingWith(", which holds no JSON Schema: that begins with {");

        form.setJsonSchema("{}");
        form.setChoices("a,b");
        assertThatThrownBy(this::headers)
                .extracting(failure -> OptionNames.in(failure.getMessage()))
                .isEqualTo(
                        "VLM_CHOICES is set beside VLM_JSON_SCHEMA, but an answer has one form: leave one of them out");
    }

    @Test
    void refusesAtTheStartWhatIsNotServedHere() {
        form.setJsonSchema("{\"properties\": {\"total\": {\"not\": {}}}}");
        assertThatThrownBy(this::headers)
                .isInstanceOf(IllegalArgumentException.class)
                .extracting(failure -> OptionNames.in(failure.getMessage()))
                .isEqualTo("VLM_JSON_SCHEMA asks for what is not served: properties.total.not is not supported");

        form.setEngine("remote");
        assertThat(headers()).containsOnlyKeys(VlmConstants.JSON_SCHEMA);
    }
}
