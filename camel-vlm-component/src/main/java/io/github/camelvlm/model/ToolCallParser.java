package io.github.camelvlm.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Finds the calls of tools in an answer, piece by piece: {@code <tool_call>{"name": …, "arguments": {…}}</tool_call>}.
 * What stands between the tags and is no such object stays text, tags included; a call that the request demanded and
 * began, and the model did not go on with, leaves the model's own words alone. White space around calls belongs to
 * them. A call that the answer ends in needs no closing tag; one that is cut short is neither a call nor text.
 *
 * <p>Text is given out as soon as it can no longer be a part of a call, so a call is given out whole. For one thread.
 */
public final class ToolCallParser {
    private static final int OUTSIDE = -1;
    private static final ObjectReader CALLS = JsonMapper.builder()
            // Numbers pass as the model wrote them, too large ones included.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .readerFor(JsonNode.class);

    private final boolean isOn;
    private final boolean endsWithACall;
    private final StringBuilder held = new StringBuilder();

    /** Where in {@link #held} the inside of a call begins, or {@link #OUTSIDE}. */
    private int inside = OUTSIDE;

    /** Where in {@link #held} the closing tag can begin at the earliest. */
    private int searched;

    /** How much at the beginning of {@link #held} the request has begun the answer with: no words of the model's. */
    private int begun;

    /** Whether a call has been found and no text since. */
    private boolean followsCall;

    private boolean hasEnded;

    /**
     * What became known.
     *
     * @param text text that is no part of a call
     * @param calls calls that are complete
     */
    public record Piece(String text, List<ToolCall> calls) {}

    /** @param tools those of the request: without any, everything is text */
    public ToolCallParser(Tools tools) {
        isOn = tools.areOffered();
        endsWithACall = !tools.areParallel();
        String opening = ToolPrompt.opening(tools);
        append(opening);
        begun = opening.length();
    }

    /** Whether the one call that is allowed has been found: nothing that follows it counts. */
    public boolean hasEnded() {
        return hasEnded;
    }

    /** Takes the next piece of the answer. */
    public Piece append(String piece) {
        if (!isOn) {
            return new Piece(piece, List.of());
        }
        held.append(piece);
        StringBuilder text = new StringBuilder();
        List<ToolCall> calls = new ArrayList<>();
        while (!hasEnded && (inside != OUTSIDE || enter(text))) {
            int close = held.indexOf(ToolPrompt.END_OF_CALL, searched);
            if (close < 0) {
                searched = Math.max(inside, held.length() - ToolPrompt.END_OF_CALL.length() + 1);
                break;
            }
            leave(close, close + ToolPrompt.END_OF_CALL.length(), text, calls);
        }
        return new Piece(text.toString(), calls);
    }

    /**
     * Takes the last piece of the answer.
     *
     * @param isCut whether the answer ends before the model would end it: then a call of which a part is missing, or its
     *     tag, is no text of the answer's
     */
    public Piece finish(String rest, boolean isCut) {
        Piece last = append(rest);
        StringBuilder text = new StringBuilder(last.text());
        List<ToolCall> calls = new ArrayList<>(last.calls());
        if (isCut && !hasEnded) {
            dropPartOfCall();
        }
        if (inside != OUTSIDE) {
            leave(held.length(), held.length(), text, calls);
        }
        if (!hasEnded) {
            say(held.length(), text);
        }
        return new Piece(text.toString(), calls);
    }

    /** Forgets what is held of a call or of a tag, unless the call is complete but for its closing tag. */
    private void dropPartOfCall() {
        if (inside == OUTSIDE) {
            held.setLength(possible(ToolPrompt.CALL) < held.length() ? 0 : held.length());
            return;
        }
        held.setLength(possible(ToolPrompt.END_OF_CALL));
        if (call(held.substring(inside)) == null) {
            held.setLength(0);
            inside = OUTSIDE;
        }
    }

    /** Gives out the text before the next opening tag; false if there is none yet. */
    private boolean enter(StringBuilder text) {
        int tag = held.indexOf(ToolPrompt.CALL);
        int end = tag >= 0 ? tag : possible(ToolPrompt.CALL);
        int spaceBefore = end;
        while (spaceBefore > 0 && Character.isWhitespace(held.charAt(spaceBefore - 1))) {
            spaceBefore--;
        }
        say(spaceBefore, text);
        if (tag < 0) {
            return false;
        }
        inside = tag - spaceBefore + ToolPrompt.CALL.length();
        searched = inside;
        return true;
    }

    /** Where the longest beginning of a tag starts that the text ends with. */
    private int possible(String tag) {
        int start = Math.max(0, held.length() - tag.length() + 1);
        while (!tag.startsWith(held.substring(start))) {
            start++;
        }
        return start;
    }

    /** Gives out the call that ends before {@code close}, or all of the text to {@code end} if it is none. */
    private void leave(int close, int end, StringBuilder text, List<ToolCall> calls) {
        ToolCall call = call(held.substring(inside, close));
        inside = OUTSIDE;
        int foreign = begun;
        begun = 0;
        if (call == null) {
            held.delete(0, foreign);
            say(end - foreign, text);
        } else {
            calls.add(call);
            held.delete(0, end);
            followsCall = true;
            hasEnded = endsWithACall;
        }
    }

    private void say(int end, StringBuilder text) {
        int start = 0;
        while (followsCall && start < end && Character.isWhitespace(held.charAt(start))) {
            start++;
        }
        followsCall &= start == end;
        text.append(held, start, end);
        held.delete(0, end);
    }

    private static ToolCall call(String json) {
        JsonNode call;
        try {
            call = CALLS.readTree(json);
        } catch (JsonProcessingException e) {
            return null;
        }
        JsonNode name = call.path("name");
        JsonNode arguments = call.path("arguments");
        if (!name.isTextual() || !(arguments.isObject() || arguments.isMissingNode())) {
            return null;
        }
        String id = "call_" + UUID.randomUUID().toString().replace("-", "").substring(0, 24);
        return new ToolCall(id, name.textValue(), arguments.isMissingNode() ? "{}" : arguments.toString());
    }
}
