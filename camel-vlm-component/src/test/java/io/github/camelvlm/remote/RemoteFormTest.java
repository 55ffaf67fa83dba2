package io.github.camelvlm.remote;

import static io.github.camelvlm.remote.ScriptedServer.content;
import static io.github.camelvlm.remote.ScriptedServer.end;
import static io.github.camelvlm.remote.ScriptedServer.events;
import static io.github.camelvlm.remote.ScriptedServer.role;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.UpstreamException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers of other servers that must have a form. */
class RemoteFormTest extends RemoteTestSupport {
    private static final AnswerFormat CHOICE = new AnswerFormat.Choice("choices", List.of("yes", "no"));
    private static final AnswerFormat JSON = new AnswerFormat.Json("jsonSchema", "{\"type\":\"array\"}");

    private String answered(AnswerFormat format, String text, String reason) throws Exception {
        return answered(SamplingOptions.builder().format(format).build(), text, reason);
    }

    private String answered(SamplingOptions options, String text, String reason) throws Exception {
        ScriptedServer server = server(events(role(), content(text), end(reason), "[DONE]"));
        return engine(server).generate(ask(options, LIMIT)).await().text();
    }

    @Test
    void asksForItInTheServersWords() throws Exception {
        ScriptedServer server = server(events(role(), content("[]"), end("stop"), "[DONE]"));

        engine(server)
                .generate(ask(SamplingOptions.builder().format(JSON).build(), LIMIT))
                .await();

        JsonNode asked = new ObjectMapper().readTree(server.requests().get(0));
        assertThat(asked.get("response_format"))
                .hasToString("{\"type\":\"json_schema\",\"json_schema\":"
                        + "{\"name\":\"answer\",\"schema\":{\"type\":\"array\"},\"strict\":true}}");
    }

    @Test
    void takesAnAnswerThatHasIt() throws Exception {
        assertThat(answered(CHOICE, "yes", "stop")).isEqualTo("yes");
        assertThat(answered(JSON, "[1, 2]", "stop")).isEqualTo("[1, 2]");
        assertThat(answered(new AnswerFormat.Regex("regex", "a+"), "b", "stop")).isEqualTo("b");
    }

    @Test
    void refusesAnAnswerOfAServerThatHasPassedItOver() {
        assertThatThrownBy(() -> answered(CHOICE, "Yes, it is.", "stop"))
                .isInstanceOf(UpstreamException.class)
                .hasMessageMatching(
                        "The server http://\\S+ has passed over choices, the form that the answer must have:"
                                + " ask one that knows structured outputs, such as vLLM, or leave it out");
        assertThatThrownBy(() -> answered(JSON, "Here it is: []", "stop")).hasMessageContaining("over jsonSchema");
        assertThatThrownBy(() -> answered(JSON, " ", "stop")).hasMessageContaining("over jsonSchema");
    }

    @Test
    void takesWhatSomethingElseHasCutAsItIs() throws Exception {
        assertThat(answered(JSON, "[1, ", "length")).isEqualTo("[1, ");
        assertThat(answered(
                        SamplingOptions.builder()
                                .format(CHOICE)
                                .stop(List.of("s"))
                                .build(),
                        "ye",
                        "stop"))
                .isEqualTo("ye");
    }
}
