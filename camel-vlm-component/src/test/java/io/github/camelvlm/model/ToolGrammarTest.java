package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.ToolChoice;
import io.github.camelvlm.chat.ToolDefinition;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.constraint.Recognizer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolGrammarTest {
    private static final String PARAMETERS =
            "{\"type\":\"object\",\"properties\":{\"city\":{\"enum\":[\"Rome\",\"Oslo\"]}},\"required\":[\"city\"],"
                    + "\"additionalProperties\":false}";
    private static final ToolDefinition WEATHER = tool("weather", PARAMETERS, true);
    private static final ToolDefinition TIME = tool("time", null, false);
    private static final String CALL = "{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>";

    private static ToolDefinition tool(String name, String parameters, boolean isStrict) {
        return new ToolDefinition(
                name,
                "{\"type\":\"function\",\"function\":{\"name\":\"" + name + "\",\"strict\":" + isStrict
                        + (parameters == null ? "" : ",\"parameters\":" + parameters) + "}}");
    }

    private static Tools tools(ToolChoice choice, boolean areParallel) {
        return new Tools(List.of(WEATHER, TIME), choice, areParallel);
    }

    private static Recognizer recognizer(Tools tools, AnswerFormat format) {
        return new Recognizer(ToolGrammar.of(tools, format).orElseThrow());
    }

    @Test
    void aDemandedCallFollowsTheSchemaOfItsTool() {
        Recognizer answers = recognizer(tools(ToolChoice.REQUIRED, false), null);

        assertThat(answers.matches(CALL)).isTrue();
        assertThat(answers.matches(CALL.replace("Rome", "Bonn"))).isFalse();
        assertThat(answers.matches("{\"name\": \"time\", \"arguments\": {\"x\": [1]}}\n</tool_call>"))
                .isTrue();
        assertThat(answers.matches("{\"name\": \"time\", \"arguments\": []}\n</tool_call>"))
                .isFalse();
        assertThat(answers.matches("{\"name\": \"date\", \"arguments\": {}}\n</tool_call>"))
                .isFalse();
        assertThat(answers.matches("It is cold.")).isFalse();
        assertThat(answers.matches(CALL + "\n<tool_call>\n" + CALL)).isFalse();
    }

    @Test
    void severalCallsFollowEachOtherWhereTheyMay() {
        Recognizer answers = recognizer(tools(ToolChoice.REQUIRED, true), null);

        assertThat(answers.matches(CALL)).isTrue();
        assertThat(answers.matches(CALL + "\n<tool_call>\n" + CALL)).isTrue();
        assertThat(answers.matches(CALL + "\n<tool_call>\n" + CALL.replace("Rome", "Bonn")))
                .isFalse();
        assertThat(answers.matches(CALL + "\nDone.")).isFalse();
    }

    @Test
    void aNamedCallGoesOnWhereThePromptEnds() {
        Recognizer answers = recognizer(tools(ToolChoice.named("weather"), true), null);

        assertThat(answers.matches(" {\"city\": \"Oslo\"}}\n</tool_call>")).isTrue();
        assertThat(answers.matches("{\"city\":\"Oslo\"}}\n</tool_call>\n<tool_call>\n" + CALL))
                .isTrue();
        assertThat(answers.matches(" {}}\n</tool_call>")).isFalse();
        assertThat(answers.matches(CALL)).isFalse();
    }

    @Test
    void whatIsAnAnswerIsACallForTheParser() {
        for (ToolChoice choice : List.of(ToolChoice.REQUIRED, ToolChoice.named("weather"))) {
            Tools tools = tools(choice, false);
            String answer = choice == ToolChoice.REQUIRED ? CALL : " {\"city\": \"Rome\"}}\n</tool_call>";

            assertThat(recognizer(tools, null).matches(answer)).isTrue();
            assertThat(new ToolCallParser(tools).append(answer).calls())
                    .extracting(ToolCall::name, ToolCall::arguments)
                    .containsExactly(tuple("weather", "{\"city\":\"Rome\"}"));
        }
    }

    @Test
    void freeTextIsFreeUntilItBeginsACallOfAStrictTool() {
        Recognizer answers = recognizer(tools(ToolChoice.AUTO, true), null);

        assertThat(answers.matches("")).isTrue();
        assertThat(answers.matches("It is 3 < 4, <b>cold</b> <<tool_ca")).isTrue();
        assertThat(answers.matches("I look.\n<tool_call>\n" + CALL + "\n<tool_call>\n" + CALL + "\nDone."))
                .isTrue();
        assertThat(answers.matches("<<tool_call>\n" + CALL)).isTrue();
        assertThat(answers.matches("<tool_call>\n" + CALL.replace("Rome", "Bonn")))
                .isFalse();
        assertThat(answers.matches("I look. <tool_call> anything")).isFalse();
        assertThat(recognizer(tools(ToolChoice.AUTO, false), null).matches("<tool_call>\n" + CALL + "\nDone."))
                .isFalse();
    }

    @Test
    void anAnswerHasItsFormOrCalls() {
        Recognizer answers =
                recognizer(tools(ToolChoice.AUTO, false), new AnswerFormat.Choice("choice", List.of("yes", "no")));

        assertThat(answers.matches("yes")).isTrue();
        assertThat(answers.matches("<tool_call>\n" + CALL)).isTrue();
        assertThat(answers.matches("maybe")).isFalse();
    }

    @Test
    void nothingIsDemandedOfAnAnswerWhereNothingIsStrict() {
        assertThat(ToolGrammar.of(new Tools(List.of(TIME), ToolChoice.AUTO), null))
                .isEmpty();
        assertThat(ToolGrammar.of(Tools.NONE, null)).isEmpty();
        assertThat(ToolGrammar.of(new Tools(List.of(WEATHER), ToolChoice.NONE), null))
                .isEmpty();
    }

    @Test
    void aSchemaThatIsNotServedIsRefusedOfStrictToolsOnly() {
        String parameters = "{\"type\":\"object\",\"properties\":{\"a\":{\"not\":{}}}}";

        assertThatThrownBy(() ->
                        ToolGrammar.of(new Tools(List.of(TIME, tool("a", parameters, true)), ToolChoice.AUTO), null))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("tools[1].function.parameters.properties.a.not is not supported");
        Recognizer answers = recognizer(new Tools(List.of(tool("a", parameters, false)), ToolChoice.REQUIRED), null);
        assertThat(answers.matches("{\"name\":\"a\",\"arguments\":{\"b\":1}}\n</tool_call>"))
                .isTrue();
    }
}
