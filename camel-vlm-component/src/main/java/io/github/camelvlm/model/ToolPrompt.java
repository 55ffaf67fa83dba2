package io.github.camelvlm.model;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Continuation;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.ToolDefinition;
import io.github.camelvlm.chat.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes tools, calls of them and their results into the turns of a conversation, as models since Qwen2.5 are
 * taught to read them. The chat templates of most of them know no tools; afterwards there is nothing left that they need know.
 */
final class ToolPrompt {
    static final String CALL = "<tool_call>";
    static final String END_OF_CALL = "</tool_call>";

    private static final String EXPLANATION = """
            # Tools

            You may call one or more functions to assist with the user query.

            You are provided with function signatures within <tools></tools> XML tags:
            <tools>
            %s
            </tools>

            For each function call, return a json object with function name and arguments within %s%s XML tags:
            %2$s
            {"name": <function-name>, "arguments": <args-json-object>}
            %3$s""";

    private ToolPrompt() {}

    /** Where the prompt of a request ends: a demanded call has begun in its last turn. */
    static Continuation continuation(ChatRequest request) {
        return request.tools().areDemanded() ? Continuation.LAST_TURN : request.continuation();
    }

    /**
     * The turns of a request, of which none is a tool's and none has calls; a demanded call is begun in the last one.
     *
     * @param defaultSystemMessage what the chat template says where a conversation has no system message; may be empty
     */
    static List<Message> messages(ChatRequest request, String defaultSystemMessage) {
        List<Message> turns = new ArrayList<>();
        List<Part> results = new ArrayList<>();
        for (Message message : request.messages()) {
            if (message.role() == Role.TOOL) {
                results.addAll(result(message, results.isEmpty()));
                continue;
            }
            addResults(results, turns);
            turns.add(message.toolCalls().isEmpty() ? message : withCalls(message));
        }
        addResults(results, turns);
        if (request.tools().areOffered()) {
            explain(request.tools(), turns, defaultSystemMessage);
        }
        String opening = opening(request.tools());
        if (!opening.isEmpty()) {
            open(opening, request.continuation(), turns);
        }
        return turns;
    }

    /** What the answer is made to begin with; a part of it that no token of it writes. Empty unless a call is demanded. */
    static String opening(Tools tools) {
        return switch (tools.choice().mode()) {
            case NONE, AUTO -> "";
            case REQUIRED -> CALL + "\n";
            // No space at the end: the model's own next token begins with it.
            case NAMED -> CALL + "\n{\"name\": \"" + tools.choice().name() + "\", \"arguments\":";
        };
    }

    private static void explain(Tools tools, List<Message> turns, String defaultSystemMessage) {
        String definitions =
                tools.definitions().stream().map(ToolDefinition::json).collect(Collectors.joining("\n"));
        String explanation = EXPLANATION.formatted(definitions, CALL, END_OF_CALL);
        if (!turns.isEmpty() && turns.get(0).role() == Role.SYSTEM) {
            turns.set(0, withText(turns.get(0), "\n\n" + explanation));
        } else {
            String before = defaultSystemMessage.isEmpty() ? "" : defaultSystemMessage + "\n\n";
            turns.add(0, Message.of(Role.SYSTEM, before + explanation));
        }
    }

    private static void open(String opening, Continuation continuation, List<Message> turns) {
        int last = turns.size() - 1;
        if (continuation == Continuation.LAST_TURN) {
            turns.set(last, withText(turns.get(last), lineBreakAfter(turns.get(last)) + opening));
        } else {
            turns.add(Message.of(Role.ASSISTANT, opening));
        }
    }

    private static Message withCalls(Message message) {
        String calls = message.toolCalls().stream().map(ToolPrompt::call).collect(Collectors.joining("\n"));
        return withText(message, lineBreakAfter(message) + calls);
    }

    private static String lineBreakAfter(Message message) {
        boolean isEmpty = message.parts().stream()
                .allMatch(part -> part instanceof TextPart text && text.text().isEmpty());
        return isEmpty ? "" : "\n";
    }

    private static String call(ToolCall call) {
        String name = String.valueOf(JsonStringEncoder.getInstance().quoteAsString(call.name()));
        return CALL + "\n{\"name\": \"" + name + "\", \"arguments\": " + call.arguments() + "}\n" + END_OF_CALL;
    }

    private static List<Part> result(Message message, boolean isFirst) {
        List<Part> parts = new ArrayList<>();
        parts.add(new TextPart((isFirst ? "" : "\n") + "<tool_response>\n"));
        parts.addAll(message.parts());
        parts.add(new TextPart("\n</tool_response>"));
        return parts;
    }

    private static void addResults(List<Part> results, List<Message> turns) {
        if (!results.isEmpty()) {
            turns.add(new Message(Role.USER, joined(results)));
            results.clear();
        }
    }

    private static Message withText(Message message, String text) {
        List<Part> parts = new ArrayList<>(message.parts());
        parts.add(new TextPart(text));
        return new Message(message.role(), joined(parts));
    }

    /** Neighbouring texts as one: some templates know no parts, but all know a text. */
    private static List<Part> joined(List<Part> parts) {
        List<Part> joined = new ArrayList<>();
        for (Part part : parts) {
            int last = joined.size() - 1;
            if (part instanceof TextPart text && last >= 0 && joined.get(last) instanceof TextPart before) {
                joined.set(last, new TextPart(before.text() + text.text()));
            } else {
                joined.add(part);
            }
        }
        return joined;
    }
}
