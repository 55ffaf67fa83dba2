package io.github.camelvlm.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import io.github.camelvlm.openai.OpenAiError;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a client writes, it is served or told which of its own fields is wrong. */
class HostileRequestsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** About as many as a body may hold. */
    private static final int MANY = 99_000;

    private static final List<String> STRANGE = List.of(
            "null",
            "true",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "[{}]",
            "\"\"",
            "\"NaN\"",
            "\"\\ud800\"",
            "-1",
            "0.5",
            "1e999",
            "2147483648",
            "99999999999999999999999");

    @ParameterizedTest
    @EnumSource
    void areServedAsTheyStand(DialectRequests dialect) {
        assertThat(dialect.refusal(dialect.body())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void nameEachFieldOfAnotherType(DialectRequests dialect) throws Exception {
        for (Map.Entry<String, JsonNode> changed :
                changed(dialect, HostileRequestsTest::ofAnotherType).entrySet()) {
            String field = changed.getKey();
            if (dialect.takesAnythingAt(field)) {
                continue;
            }
            Optional<OpenAiError> refusal = dialect.refusal(changed.getValue().toString());

            assertThat(refusal).as("%s", changed.getValue()).isPresent();
            assertThat(refusal.get().status()).as("%s: %s", field, refusal).isEqualTo(400);
            assertThat(refusal.get().error().param()).isEqualTo(field);
            assertThat(refusal.get().error().message()).contains(field);
        }
    }

    private static JsonNode ofAnotherType(JsonNode value) {
        return value.isNumber()
                ? JsonNodeFactory.instance.textNode("NaN")
                : value.isBoolean()
                        ? JsonNodeFactory.instance.textNode("true")
                        : JsonNodeFactory.instance.numberNode(7);
    }

    @ParameterizedTest
    @EnumSource
    void nameAFieldOfTheirsWhateverStandsInIt(DialectRequests dialect) throws Exception {
        List<String> known = new ArrayList<>();
        JSON.readTree(dialect.body()).fieldNames().forEachRemaining(known::add);
        for (String strange : STRANGE) {
            String mark = "\"mark of a value\"";
            for (JsonNode changed : changed(dialect, value -> JsonNodeFactory.instance.textNode("mark of a value"))
                    .values()) {
                String body = changed.toString().replace(mark, strange);
                dialect.refusal(body).ifPresent(refusal -> {
                    assertThat(refusal.status()).as("%s: %s", body, refusal).isEqualTo(400);
                    assertThat(refusal.error().param().split("[.\\[]")[0])
                            .as("%s: %s", body, refusal)
                            .isIn(known);
                });
            }
        }
    }

    /** A request for each of its values, by the path of the value that is another there. */
    private static Map<String, JsonNode> changed(DialectRequests dialect, UnaryOperator<JsonNode> change)
            throws Exception {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        JsonNode root = JSON.readTree(dialect.body());
        walk(root, root, "", change, all);
        return all;
    }

    private static void walk(
            JsonNode root, JsonNode node, String path, UnaryOperator<JsonNode> change, Map<String, JsonNode> all) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : List.copyOf(object.properties())) {
                String at = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                place(root, field.getValue(), at, value -> object.set(field.getKey(), value), change, all);
            }
        } else if (node instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                int place = i;
                place(root, list.get(i), path + "[" + i + "]", value -> list.set(place, value), change, all);
            }
        }
    }

    private static void place(
            JsonNode root,
            JsonNode value,
            String path,
            Consumer<JsonNode> place,
            UnaryOperator<JsonNode> change,
            Map<String, JsonNode> all) {
        // What is within a schema is looked at when a grammar is made of it.
        boolean isOfASchema = path.matches("(format|.*(schema|parameters))\\.type") && !path.startsWith("text");
        if (!isOfASchema && !path.endsWith("schema.type")) {
            place.accept(change.apply(value));
            all.put(path, root.deepCopy());
            place.accept(value);
            walk(root, value, path, change, all);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MESSAGES | {'max_tokens':0,'messages':[{'role':'user','content':'a'}]} | max_tokens",
                "MESSAGES | {'max_tokens':1,'messages':[]} | messages",
                "MESSAGES | {'max_tokens':1,'messages':[{'role':'robot','content':'a'}]} | messages[0].role",
                "MESSAGES | {'max_tokens':1,'messages':[{'role':'user','content':'a'}],'tool_choice':{'type':'any'}}"
                        + " | tool_choice",
                "MESSAGES | {'max_tokens':1,'messages':[{'role':'user','content':'a'}],"
                        + "'tools':[{'name':'f','input_schema':{'a':1e999}}]} | tools[0].input_schema.a",
                "MESSAGES | {'max_tokens':1,'messages':[{'role':'assistant','content':[{'type':'tool_use','id':'c',"
                        + "'name':'f','input':{'a':-1e999}}]}]} | messages[0].content[0].input.a",
                "CHAT | {'messages':[{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':"
                        + "{'a':1e999}}}]}]} | messages[0].tool_calls[0].function.arguments.a",
                "CHAT | {'messages':[{'role':'user','content':'a'}],'format':{'minimum':1e999}} | format.minimum",
                "RESPONSES | {'input':[{'type':'function_call_output','call_id':'c','output':[{'type':'input_image',"
                        + "'image_url':'a','detail':'x'}]}]} | input[0].output[0].detail",
                "RESPONSES | {'input':'a','tool_choice':'perhaps'} | tool_choice",
                "RESPONSES | {'input':'a','max_output_tokens':0} | max_output_tokens",
                "RESPONSES | {} | input",
                "COMPLETIONS | {} | prompt",
                "COMPLETIONS | {'prompt':'a','images':['b',{'url':'c','detail':'x'}]} | images[1].detail",
                "COMPLETIONS | {'prompt':'a','logprobs':99} | logprobs",
                "COMPLETIONS | {'prompt':'a','n':2,'best_of':1} | best_of",
                "COMPLETIONS | {'prompt':'a','use_beam_search':true} | use_beam_search",
                "COMPLETIONS | {'prompt':'a','truncate_prompt_tokens':5} | truncate_prompt_tokens",
                "COMPLETIONS | {'prompt':'a','guided_grammar':'x'} | guided_grammar",
                "COMPLETIONS | {'prompt':'a','stop_token_ids':5} | stop_token_ids",
                "RESPONSES | {'input':'a','length_penalty':2} | length_penalty",
                "RESPONSES | {'input':'a','prompt_logprobs':1} | prompt_logprobs",
                "RESPONSES | {'input':'a','bad_words':5} | bad_words",
                "CHAT | {'messages':[{'role':'robot','content':'a'}]} | messages[0].role",
                "CHAT | {'messages':[]} | messages",
                "CHAT | {'messages':[{'role':'user','content':'a'}],'options':{'top_p':2}} | options.top_p",
                "GENERATE | {} | prompt"
            })
    void nameTheFieldAsTheirClientCalledIt(DialectRequests dialect, String body, String field) {
        OpenAiError refusal = dialect.refusal(body.replace('\'', '"')).orElseThrow();

        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.error().param()).as("%s", refusal).isEqualTo(field);
        assertThat(refusal.error().message()).contains(field);
    }

    @ParameterizedTest
    @EnumSource
    void areRefusedWhereTheyAreNoObject(DialectRequests dialect) {
        for (String body :
                List.of("", " ", "null", "[]", "7", "\"x\"", "{", "[".repeat(MANY), "{\"a\":".repeat(MANY))) {
            assertThat(dialect.refusal(body).orElseThrow().status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @EnumSource
    void takeTheLastOfTwoFieldsOfOneName(DialectRequests dialect) {
        String twice = dialect.body().strip().replaceFirst("\\{", "{\"model\": \"first\", ");

        assertThat(dialect.read(twice).request().model()).isEqualTo("m");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MESSAGES | {'max_tokens':1,'messages':[{'role':'user','content':[@]}]} | {'type':'text','text':''}",
                "MESSAGES | {'max_tokens':1,'messages':[{'role':'user','content':[@]}]}"
                        + " | {'type':'tool_result','tool_use_id':'c'}",
                "RESPONSES | {'input':[{'role':'user','content':[@]}]} | {'type':'input_text','text':''}",
                "RESPONSES | {'input':[@]} | {'type':'function_call','call_id':'c','name':'f','arguments':''}",
                "CHAT | {'messages':[@]} | {'role':'user','content':''}"
            })
    void areReadInTimeAndMemoryThatGrowWithTheirPartsAlone(DialectRequests dialect, String body, String part) {
        String parts = String.join(",", Collections.nCopies(MANY, part));
        String json = body.replace("@", parts).replace('\'', '"');

        // Of this thread alone, since others may keep the processor busy.
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        assertThatCode(() -> dialect.read(json)).doesNotThrowAnyException();

        // Copying all parts before each would take tens of gigabytes, in a time that a fast machine has.
        assertThat(threads.getCurrentThreadAllocatedBytes() - allocated).isLessThan(10_000L * MANY);
        // Each part with all before it would take several times as long.
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
}
