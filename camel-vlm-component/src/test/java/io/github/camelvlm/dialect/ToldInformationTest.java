package io.github.camelvlm.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.anthropic.MessagesDialect;
import io.github.camelvlm.ollama.OllamaDialect;
import io.github.camelvlm.openai.ModelList;
import io.github.camelvlm.openai.OpenAiError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What protocols tell beside answers: models and errors. */
class ToldInformationTest {
    private static final ModelList MODELS = new ModelList("list", List.of(model("a"), model("b")));

    private static ModelList.Model model(String name) {
        return new ModelList.Model(name, "model", 0, "camel-vlm", name, null, 4096, true);
    }

    private static JsonNode told(Dialect dialect, String path) throws Exception {
        return new ObjectMapper().readTree(dialect.tell(path, MODELS).toJson());
    }

    @Test
    void modelsAreOnOnePageOfAnthropics() throws Exception {
        JsonNode page = told(new MessagesDialect(), "/v1/models");

        assertThat(page.findValuesAsText("id")).containsExactly("a", "b");
        assertThat(page.get("first_id").asText()).isEqualTo("a");
        assertThat(page.get("last_id").asText()).isEqualTo("b");
        assertThat(page.get("has_more").asBoolean(true)).isFalse();
        assertThat(page.at("/data/0/max_input_tokens").asInt()).isEqualTo(4096);
    }

    @Test
    void modelsOfOllamasHaveATagAndTheirContext() throws Exception {
        JsonNode loaded = told(new OllamaDialect(), "/api/ps").get("models");

        assertThat(loaded.findValuesAsText("name")).containsExactly("a:latest", "b:latest");
        assertThat(loaded.findValuesAsText("context_length")).containsExactly("4096", "4096");
        assertThat(told(new OllamaDialect(), "/api/tags").findValuesAsText("modified_at"))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error",
        "401, authentication_error",
        "403, permission_error",
        "404, not_found_error",
        "413, request_too_large",
        "422, invalid_request_error",
        "429, rate_limit_error",
        "500, api_error",
        "502, api_error",
        "503, overloaded_error",
        "504, timeout_error"
    })
    void errorsHaveTheTypesOfAnthropics(int status, String type) throws Exception {
        String error =
                new MessagesDialect().error(new OpenAiError(status, new OpenAiError.Detail("no", "t", null, null)));

        assertThat(new ObjectMapper().readTree(error).at("/error/type").asText())
                .isEqualTo(type);
    }
}
