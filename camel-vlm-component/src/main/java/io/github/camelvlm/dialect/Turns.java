package io.github.camelvlm.dialect;

import io.github.camelvlm.openai.ContentPart;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.OpenAiError;
import io.github.camelvlm.openai.RequestMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The turns that a dialect makes of its client's, and where the client wrote each part of them, since errors name them by
 * their places in the chat completion.
 */
public final class Turns {
    private static final Pattern PLACE =
            Pattern.compile("messages\\[(\\d{1,9})](?:\\.content\\[(\\d{1,9})])?(?:\\.image_url(?:\\.url)?)?");

    private final List<Turn> turns = new ArrayList<>();

    private record Turn(String role, String path, List<Placed> parts, List<FunctionToolCall> calls, String callId) {
        RequestMessage message() {
            return new RequestMessage(role, parts.stream().map(Placed::part).toList(), calls, callId);
        }
    }

    /** A part of a turn, and where its client wrote it. */
    public record Placed(ContentPart part, String path) {}

    /**
     * Adds a turn.
     *
     * @param path where the client wrote it
     * @param calls the tools that the assistant called
     * @param callId the call whose result a tool tells, or null
     */
    public void add(String role, String path, List<Placed> parts, List<FunctionToolCall> calls, String callId) {
        turns.add(new Turn(role, path, List.copyOf(parts), new ArrayList<>(calls), callId));
    }

    /** Adds a turn that has nothing to do with tools. */
    public void add(String role, String path, List<Placed> parts) {
        add(role, path, parts, List.of(), null);
    }

    /** Adds a turn whose parts the client did not write, but named together. */
    public void add(RequestMessage turn, String path) {
        List<Placed> parts =
                turn.parts().stream().map(part -> new Placed(part, path)).toList();
        add(turn.role(), path, parts, turn.toolCalls(), turn.toolCallId());
    }

    /**
     * Adds the call of a tool: to the last turn if that is the assistant's, else as a turn of its own.
     *
     * @param path where the client wrote it
     */
    public void addCall(FunctionToolCall call, String path) {
        if (turns.isEmpty() || !turns.get(turns.size() - 1).role().equals("assistant")) {
            add("assistant", path, List.of());
        }
        turns.get(turns.size() - 1).calls().add(call);
    }

    /** The turns, in order. */
    public List<RequestMessage> messages() {
        return turns.stream().map(Turn::message).toList();
    }

    /**
     * An error in which fields are called as the client called them, and whose sentence names the one at fault.
     *
     * @param names the client's names of other fields of the chat completion, by these; {@code []} stands for the place in
     *     a list
     */
    public OpenAiError retold(OpenAiError error, Map<String, String> names) {
        OpenAiError.Detail detail = error.error();
        String param = detail.param();
        if (param == null) {
            return error;
        }
        String place = PLACE.matcher(param).lookingAt() ? placed(param) : renamed(param, names);
        String said = String.valueOf(detail.message());
        // Not every protocol has a field for the place.
        String message = said.contains(param) ? said.replace(param, place) : place + ": " + said;
        return new OpenAiError(error.status(), new OpenAiError.Detail(message, detail.type(), place, detail.code()));
    }

    /** By the longest of the names with which a path begins. */
    private static String renamed(String path, Map<String, String> names) {
        return names.entrySet().stream()
                .sorted(Comparator.comparingInt(name -> -name.getKey().length()))
                .map(name -> beginning(name.getKey())
                        .matcher(path)
                        .replaceFirst(name.getValue().replace("[]", "[$1]")))
                .filter(told -> !told.equals(path))
                .findFirst()
                .orElse(path);
    }

    private static Pattern beginning(String name) {
        return Pattern.compile("^\\Q" + name.replace("[]", "\\E\\[(\\d{1,9})]\\Q") + "\\E(?=[.\\[]|$)");
    }

    private String placed(String text) {
        Matcher place = PLACE.matcher(text);
        return place.replaceFirst(
                found -> Matcher.quoteReplacement(origin(found.group(), found.group(1), found.group(2))));
    }

    private String origin(String otherwise, String turn, String part) {
        int at = Integer.parseInt(turn);
        if (at >= turns.size()) {
            return otherwise;
        }
        Turn asked = turns.get(at);
        return part != null && Integer.parseInt(part) < asked.parts().size()
                ? asked.parts().get(Integer.parseInt(part)).path()
                : asked.path();
    }
}
