package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.goldens.GoldenCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that tokens drawn nearly at random write in the forms of all schemas: every one is valid, and ends. */
@Timeout(180)
class FormedRunsTest {
    private static final Path CORPUS = Path.of("src/test/resources/schemas/corpus.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Their shortest answers have thousands of tokens. */
    private static final Set<String> LONG = Set.of("two hundred properties");

    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .formatAssertionsEnabled(true)
            .nullableKeywordEnabled(true)
            .build();

    @Test
    void randomTokensWriteValidAnswersThatEnd() throws Exception {
        assertThat(run(GoldenCase.RANDOM_VL, 49)).isGreaterThanOrEqualTo(2000);
    }

    @Test
    void shapesVlWritesValidAnswersThatEnd() throws Exception {
        assertThat(run(GoldenCase.SHAPES_VL, 3)).isGreaterThanOrEqualTo(100);
    }

    private record Run(JsonSchema schema, String name, Generation generation) {}

    /** Returns how many answers were given. */
    private static int run(Path model, int each) throws IOException, InterruptedException {
        List<Run> runs = new ArrayList<>();
        try (LocalEngine engine = LocalEngine.load(Engines.options(model, "float32", 4096, 32, 4096))) {
            for (JsonNode entry : JSON.readTree(CORPUS.toFile())) {
                boolean isLong = LONG.contains(entry.get("name").asText());
                JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(entry.get("schema"), CONFIG);
                for (int seed = 0; seed < (isLong ? 1 : each); seed++) {
                    ChatRequest request = request(entry.get("schema"), seed, isLong ? 3900 : 160);
                    runs.add(new Run(schema, entry.get("name").asText() + ", seed " + seed, engine.generate(request)));
                }
            }
            List<String> wrong = new ArrayList<>();
            for (Run run : runs) {
                Completion completion = run.generation().await();
                Set<ValidationMessage> problems = completion.finishReason() == FinishReason.STOP
                        ? run.schema().validate(withKnownDomains(completion.text()), InputFormat.JSON)
                        : Set.of();
                if (completion.finishReason() != FinishReason.STOP || !problems.isEmpty()) {
                    wrong.add(run.name() + ": " + completion.text() + " " + completion.finishReason() + " " + problems);
                }
            }
            assertThat(wrong).isEmpty();
        }
        return runs.size();
    }

    /** The validator knows a list of top-level domains, where the standard knows what they may be written with. */
    private static String withKnownDomains(String text) {
        return text.replaceAll("(@[^\"]*\\.)[A-Za-z]+\"", "$1com\"");
    }

    private static ChatRequest request(JsonNode schema, long seed, int maxTokens) {
        return Engines.request(
                List.of(Message.of(Role.USER, "Go on.")),
                SamplingOptions.builder()
                        .temperature(1.5)
                        .topK(0)
                        .topP(1.0)
                        .seed(seed)
                        .maxTokens(maxTokens)
                        .format(new AnswerFormat.Json("guided_json", schema.toString()))
                        .build());
    }
}
