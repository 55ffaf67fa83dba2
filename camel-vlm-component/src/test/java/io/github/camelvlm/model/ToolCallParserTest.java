package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.ToolChoice;
import io.github.camelvlm.chat.ToolDefinition;
import io.github.camelvlm.chat.Tools;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolCallParserTest {
    private static final List<ToolDefinition> DEFINITIONS = List.of(new ToolDefinition("f", "{}"));

    /** What came out, calls written as {@code name(arguments)} after the text. */
    private static String parse(ToolChoice choice, List<String> pieces) {
        return parse(choice, pieces, false);
    }

    private static String parse(ToolChoice choice, List<String> pieces, boolean isCut) {
        ToolCallParser parser = new ToolCallParser(new Tools(DEFINITIONS, choice));
        StringBuilder text = new StringBuilder();
        List<ToolCall> calls = new ArrayList<>();
        for (String piece : pieces) {
            ToolCallParser.Piece parsed = parser.append(piece);
            text.append(parsed.text());
            calls.addAll(parsed.calls());
        }
        ToolCallParser.Piece last = parser.finish("", isCut);
        text.append(last.text());
        calls.addAll(last.calls());
        calls.forEach(call -> text.append('|').append(call.name()).append(call.arguments()));
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "Hello.                                                     # Hello.",
                "~ a < b <tool <tool_cal> ~                                 # ~ a < b <tool <tool_cal> ~",
                "<tool_call>{'name':'f','arguments':{'a':1}}</tool_call>    # |f{'a':1}",
                "<tool_call>¶{'name': 'f', 'arguments': {'a': [1.50, 1e999]}}¶</tool_call>  # |f{'a':[1.50,1E+999]}",
                "Well.¶<tool_call>{'name':'f'}</tool_call>¶                 # Well.|f{}",
                "<tool_call>{'name':'f'}</tool_call>¶<tool_call>{'name':'g','arguments':{}}</tool_call> # |f{}|g{}",
                "<tool_call>{'name':'f'}</tool_call>¶ So. ¶ Yes.            # So. ¶ Yes.|f{}",
                "<tool_call>{'name':'f','arguments':{}}                     # |f{}",
                "<tool_call>{'name':'f','arguments':                        # <tool_call>{'name':'f','arguments':",
                "~ <tool_call>{name: f}</tool_call> ~                       # ~ <tool_call>{name: f}</tool_call> ~",
                "<tool_call>{'name':'f','arguments':[]}</tool_call>         # <tool_call>{'name':'f','arguments':[]}</tool_call>",
                "<tool_call>{'name':5}</tool_call>                          # <tool_call>{'name':5}</tool_call>",
                "<tool_call>{'name':'f'} {}</tool_call>                     # <tool_call>{'name':'f'} {}</tool_call>",
                "<tool_call></tool_call>                                    # <tool_call></tool_call>",
                "<tool_call>x</tool_call><tool_call>{'name':'f'}</tool_call> # <tool_call>x</tool_call>|f{}",
                "</tool_call>                                               # </tool_call>"
            })
    void findsCallsHoweverTheAnswerIsCut(String answer, String expected) {
        String text = answer.replace('\'', '"').replace('¶', '\n');
        String found = expected.replace('\'', '"').replace('¶', '\n');

        assertThat(parse(ToolChoice.AUTO, List.of(text))).isEqualTo(found);
        assertThat(parse(ToolChoice.AUTO, List.of(text.split("")))).isEqualTo(found);
        for (int cut = 1; cut < text.length(); cut++) {
            assertThat(parse(ToolChoice.AUTO, List.of(text.substring(0, cut), text.substring(cut))))
                    .as("cut after %d", cut)
                    .isEqualTo(found);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "Hello                                                      # Hello",
                "~Hello ~                                                   # ~Hello ~",
                "Well.¶<tool_call>                                          # Well.",
                "Well.¶<tool_ca                                             # Well.",
                "<tool_call>¶{'                                             # ~~",
                "Well. <tool_call>¶{'name':'f','arguments':{'a':1           # Well.",
                "<tool_call>{'name':'f'}</tool_call>¶<tool_call>{'name':    # |f{}",
                "<tool_call>¶{'name':'f','arguments':{'a':1}}               # |f{'a':1}",
                "<tool_call>¶{'name':'f','arguments':{'a':1}}¶</tool_c      # |f{'a':1}",
                "<tool_call>{name: f}</tool_call> no                        # <tool_call>{name: f}</tool_call> no",
            })
    void saysNothingOfACallThatIsCutShort(String answer, String expected) {
        String text = answer.replace('\'', '"').replace('¶', '\n');
        String found = expected.replace('\'', '"').replace('¶', '\n');

        assertThat(parse(ToolChoice.AUTO, List.of(text), true)).isEqualTo(found);
        assertThat(parse(ToolChoice.AUTO, List.of(text.split("")), true)).isEqualTo(found);
    }

    @Test
    void saysNothingOfADemandedCallThatIsCutShort() {
        assertThat(parse(ToolChoice.REQUIRED, List.of("{\"name\": \"f"), true)).isEmpty();
        assertThat(parse(ToolChoice.named("f"), List.of(" {\"a\""), true)).isEmpty();
        assertThat(parse(ToolChoice.named("f"), List.of(" {\"a\": 1}}"), true)).isEqualTo("|f{\"a\":1}");
    }

    @Test
    void saysOfADemandedCallThatTheModelDoesNotMakeTheModelsOwnWordsAlone() {
        for (List<String> pieces : List.of(List.of("A diamond."), List.of("A", " diamond", "."))) {
            assertThat(parse(ToolChoice.REQUIRED, pieces)).isEqualTo("A diamond.");
            assertThat(parse(ToolChoice.named("f"), pieces)).isEqualTo("A diamond.");
        }
        assertThat(parse(ToolChoice.REQUIRED, List.of("No</tool_call>\n<tool_call>{\"name\":\"f\"}</tool_call>")))
                .isEqualTo("No</tool_call>|f{}");
        assertThat(parse(ToolChoice.REQUIRED, List.of(""))).isEmpty();
    }

    @Test
    void takesNothingForMarkupWithoutTools() {
        assertThat(new ToolCallParser(Tools.NONE).finish("a <tool_call", true).text())
                .isEqualTo("a <tool_call");
    }

    @Test
    void givesTextOutAtOnceAndHoldsBackWhatMayBecomeATag() {
        ToolCallParser parser = new ToolCallParser(new Tools(DEFINITIONS, ToolChoice.AUTO));

        assertThat(parser.append("Let me ").text()).isEqualTo("Let me");
        assertThat(parser.append("see <too").text()).isEqualTo(" see");
        assertThat(parser.append("th>").text()).isEqualTo(" <tooth>");
    }

    @Test
    void givesACallOutWithItsClosingTag() {
        ToolCallParser parser = new ToolCallParser(new Tools(DEFINITIONS, ToolChoice.AUTO));

        assertThat(parser.append("<tool_call>{\"name\":\"f\"}").calls()).isEmpty();
        assertThat(parser.append("</tool_call>").calls()).hasSize(1);
    }

    @Test
    void countsWhatTheAnswerWasMadeToBeginWith() {
        assertThat(parse(ToolChoice.named("f"), List.of(" {\"a\": 1}}\n</tool_call>")))
                .isEqualTo("|f{\"a\":1}");
        assertThat(parse(ToolChoice.REQUIRED, List.of("{\"name\": \"g\", \"arguments\": {}}")))
                .isEqualTo("|g{}");
    }

    @Test
    void looksForNothingWithoutTools() {
        String call = " <tool_call>{\"name\":\"f\"}</tool_call> ";

        assertThat(new ToolCallParser(Tools.NONE).append(call).text()).isEqualTo(call);
        assertThat(parse(ToolChoice.NONE, List.of(call))).isEqualTo(call);
    }

    @Test
    void namesEachCallByItself() {
        String call = "<tool_call>{\"name\":\"f\"}</tool_call>";

        List<ToolCall> calls = new ToolCallParser(new Tools(DEFINITIONS, ToolChoice.AUTO))
                .append(call + call)
                .calls();

        assertThat(calls)
                .extracting(ToolCall::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("call_[0-9a-f]{24}"));
    }

    @Test
    void leavesTextThatNestsWithoutEndAsText() {
        String deep = "<tool_call>" + "[".repeat(100_000) + "</tool_call>";

        assertThat(parse(ToolChoice.AUTO, List.of(deep))).isEqualTo(deep);
    }
}
