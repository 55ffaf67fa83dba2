package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.ToolChoice;
import io.github.camelvlm.chat.ToolDefinition;
import io.github.camelvlm.chat.Tools;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolRequestTest {
    private static final String REQUEST = """
            {"messages": [
               {"role": "user", "content": "Is it cold?"},
               {"role": "assistant", "content": null, "tool_calls": [
                 {"id": "call_1", "type": "function",
                  "function": {"name": "weather", "arguments": "{\\"city\\":\\"Oslo\\",\\"days\\":[1,2],\\"x\\":{}}"}},
                 {"id": "call_2", "type": "function", "function": {"name": "now", "arguments": ""}}]},
               {"role": "tool", "tool_call_id": "call_1", "content": "-5"},
               {"role": "tool", "tool_call_id": "call_2", "content": [{"type": "text", "text": "noon"}]}],
             "tools": [{"type":"function","function":{"name":"weather","parameters":{"type":"object","required":[]}}}],
             "tool_choice": {"type": "function", "function": {"name": "weather"}}}
            """;

    private static ChatRequest map(String body) {
        return ChatRequestMapper.toChatRequest(
                ChatCompletionReader.read(body), url -> new EncodedImage(url, new byte[0]));
    }

    private static Tools tools(String fields) {
        return map("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], " + fields.replace('\'', '"') + "}")
                .tools();
    }

    @Test
    void mapsCallsResultsAndToolsSpacedAsPythonWritesThem() {
        ChatRequest request = map(REQUEST);

        assertThat(request.messages().subList(1, 4))
                .containsExactly(
                        new Message(
                                Role.ASSISTANT,
                                List.of(),
                                List.of(
                                        new ToolCall(
                                                "call_1",
                                                "weather",
                                                "{\"city\": \"Oslo\", \"days\": [1, 2], \"x\": {}}"),
                                        new ToolCall("call_2", "now", "{}"))),
                        Message.of(Role.TOOL, "-5"),
                        new Message(Role.TOOL, List.of(new TextPart("noon"))));
        assertThat(request.tools())
                .isEqualTo(new Tools(
                        List.of(new ToolDefinition(
                                "weather",
                                "{\"type\": \"function\", \"function\": {\"name\": \"weather\", \"parameters\":"
                                        + " {\"type\": \"object\", \"required\": []}}}")),
                        ToolChoice.named("weather")));
    }

    @Test
    void readsBackWhatItWrote() {
        ChatCompletionRequest request = ChatCompletionReader.read(REQUEST);

        assertThat(ChatCompletionReader.read(request.toJson())).isEqualTo(request);
        assertThat(request.toJson()).doesNotContain("\"index\"");
    }

    @ParameterizedTest
    @CsvSource({"none,NONE", "auto,AUTO", "required,REQUIRED"})
    void readsTheChoice(String word, ToolChoice.Mode mode) {
        assertThat(tools("'tools': [{'type':'function','function':{'name':'f'}}], 'tool_choice': '" + word + "'")
                        .choice()
                        .mode())
                .isEqualTo(mode);
    }

    @Test
    void readsWhetherThereMayBeSeveralCalls() {
        String offered = "'tools': [{'type':'function','function':{'name':'f'}}]";

        assertThat(tools(offered).areParallel()).isTrue();
        assertThat(tools(offered + ", 'parallel_tool_calls': true").areParallel())
                .isTrue();
        assertThat(tools(offered + ", 'parallel_tool_calls': false").areParallel())
                .isFalse();
    }

    @Test
    void offersNoToolsUnlessThereAreSome() {
        assertThat(tools("'tools': []").areOffered()).isFalse();
        assertThat(tools("'tools': null, 'tool_choice': 'auto'").areOffered()).isFalse();
        assertThat(tools("'x': 1")).isEqualTo(Tools.NONE);
        assertThat(tools("'tools': [{'type':'function','function':{'name':'f'}}]")
                        .areOffered())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'tools': {}                                        | tools must be a list, but is an object",
                "'tools': [{'type':'web_search'}]                   | tools[0].type must be function, but is 'web_search'",
                "'tools': [{'type':'function'}]                     | tools[0].function is missing: it must be an object",
                "'tools': [{'type':'function','function':{}}]       | tools[0].function.name is missing: it must be a string",
                "'tools': [{'type':'function','function':{'name':'a b'}}] | tools must have names of 1 to 128 letters, digits and _ . : / -, but one has another",
                "'tools': [{'type':'function','function':{'name':'f','parameters':{'const':1e999}}}] | tools[0].function.parameters.const must be a number below 1.8e308, and above its negative",
                "'tools': [{'type':'function','function':{'name':'f','parameters':5}}] | tools[0].function.parameters must be an object, but is the number 5",
                "'tool_choice': 'maybe'                             | tool_choice must be none, auto, required or name a function, but is 'maybe'",
                "'tool_choice': 'required'                          | tool_choice demands a tool, but the request has no tools",
                "'tool_choice': {'type':'function'}                 | tool_choice.function.name is missing: it must be a string",
            })
    void namesWhatIsWrongWithTools(String fields, String message) {
        assertThatThrownBy(() -> tools(fields))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(message.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'{'            | '{'",
                "'oslo, today'  | 'oslo, today'",
                "'[1,2]'        | [1, 2]",
                "'null'         | null",
                "'  '           | {}",
                "null           | {}",
                "{'city':'Oslo'} | {'city': 'Oslo'}",
            })
    void takesArgumentsOfAnEarlierTurnHoweverTheyAreWritten(String arguments, String written) {
        ChatRequest request =
                map(REQUEST.replace("\"arguments\": \"\"", "\"arguments\": " + arguments.replace('\'', '"')));

        assertThat(request.messages().get(1).toolCalls().get(1).arguments()).isEqualTo(written.replace('\'', '"'));
    }

    @Test
    void takesACallWithoutArguments() {
        ChatRequest request = map(REQUEST.replace(", \"arguments\": \"\"", ""));

        assertThat(request.messages().get(1).toolCalls().get(1).arguments()).isEqualTo("{}");
    }
}
