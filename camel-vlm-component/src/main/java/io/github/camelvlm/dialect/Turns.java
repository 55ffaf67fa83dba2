package io.github.camelvlm.dialect;

import io.github.camelvlm.openai.ContentPart;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.OpenAiError;
import io.github.camelvlm.openai.RequestMessage;
import java.util.ArrayList;
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

    private final List<RequestMessage> messages = new ArrayList<>();
    private final List<String> paths = new ArrayList<>();
    private final List<List<String>> partPaths = new ArrayList<>();

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
        messages.add(new RequestMessage(role, parts.stream().map(Placed::part).toList(), calls, callId));
        paths.add(path);
        partPaths.add(parts.stream().map(Placed::path).toList());
    }

    /** Adds a turn that has nothing to do with tools. */
    public void add(String role, String path, List<Placed> parts) {
        add(role, path, parts, List.of(), null);
    }

    /** The turns, in order. */
    public List<RequestMessage> messages() {
        return List.copyOf(messages);
    }

    /**
     * An error in which fields are called as the client called them, and whose sentence names the one at fault.
     *
     * @param names the client's names of other fields of the chat completion, by these
     */
    public OpenAiError retold(OpenAiError error, Map<String, String> names) {
        OpenAiError.Detail detail = error.error();
        String param = detail.param();
        if (param == null) {
            return error;
        }
        String field = field(param, names);
        String place = field == null ? placed(param) : names.get(field) + param.substring(field.length());
        String said = String.valueOf(detail.message());
        // Not every protocol has a field for the place.
        String message = said.contains(param) ? said.replace(param, place) : place + ": " + said;
        return new OpenAiError(error.status(), new OpenAiError.Detail(message, detail.type(), place, detail.code()));
    }

    /** The longest of the names by which a path begins; null for none. */
    private static String field(String path, Map<String, String> names) {
        return names.keySet().stream()
                .filter(name -> path.equals(name) || path.startsWith(name + ".") || path.startsWith(name + "["))
                .reduce((one, other) -> one.length() > other.length() ? one : other)
                .orElse(null);
    }

    private String placed(String text) {
        Matcher place = PLACE.matcher(text);
        return place.replaceAll(
                found -> Matcher.quoteReplacement(origin(found.group(), found.group(1), found.group(2))));
    }

    private String origin(String otherwise, String turn, String part) {
        int at = Integer.parseInt(turn);
        if (at >= paths.size()) {
            return otherwise;
        }
        if (part == null) {
            return paths.get(at);
        }
        List<String> parts = partPaths.get(at);
        return Integer.parseInt(part) < parts.size() ? parts.get(Integer.parseInt(part)) : paths.get(at);
    }
}
