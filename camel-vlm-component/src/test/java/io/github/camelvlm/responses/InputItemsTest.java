package io.github.camelvlm.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.dialect.Turns;
import io.github.camelvlm.openai.Json;
import io.github.camelvlm.openai.RequestMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputItemsTest {
    private static List<RequestMessage> turns(String input) {
        Turns turns = new Turns();
        InputItems.read(
                Json.parse(("{\"input\":" + input + "}").getBytes(StandardCharsets.UTF_8))
                        .get("input"),
                turns);
        return turns.messages();
    }

    @Test
    void takeATextAsAQuestion() {
        assertThat(turns("\"Which?\"")).containsExactly(RequestMessage.of("user", "Which?"));
    }

    @Test
    void putCallsIntoTheTurnBeforeThem() {
        List<RequestMessage> turns = turns("""
                [{"role":"user","content":"Paint."},
                 {"type":"message","role":"assistant","content":[{"type":"output_text","text":"I do."}]},
                 {"type":"function_call","call_id":"a","name":"paint","arguments":"{}"},
                 {"type":"function_call","call_id":"b","name":"paint","arguments":"{}"},
                 {"type":"function_call_output","call_id":"a","output":"done"},
                 {"type":"function_call_output","call_id":"b","output":[{"type":"input_text","text":"done"}]}]
                """);

        assertThat(turns).extracting(RequestMessage::role).containsExactly("user", "assistant", "tool", "tool");
        assertThat(turns.get(1).toolCalls()).extracting(call -> call.id()).containsExactly("a", "b");
        assertThat(turns.get(3).toolCallId()).isEqualTo("b");
    }

    @Test
    void makeATurnOfCallsThatFollowAQuestion() {
        List<RequestMessage> turns = turns("""
                [{"role":"user","content":"Paint."},
                 {"type":"reasoning","summary":[]},
                 {"type":"function_call","call_id":"a","name":"paint","arguments":"{}"}]
                """);

        assertThat(turns).extracting(RequestMessage::role).containsExactly("user", "assistant");
    }

    @Test
    void nameTheItemThatIsNotServed() {
        assertThatThrownBy(() -> turns("[\"x\"]"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("input[0]");
        assertThatThrownBy(() -> turns("[{\"type\":\"item_reference\",\"id\":\"msg_1\"}]"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("previous_response_id");
    }
}
