package io.github.camelvlm.responses;

import io.github.camelvlm.openai.ContentPart;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.ImageContent;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.RequestMessage;
import io.github.camelvlm.openai.TextContent;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps responses and the conversations that they end, the newest ones within bounds. Pictures are counted with each
 * conversation that has them.
 */
final class ResponseStore {
    /** What an object takes beside its texts, about. */
    private static final int OVERHEAD = 200;

    /**
     * One response.
     *
     * @param owner who may ask for it
     * @param turns the conversation, and the answer as its last turn
     * @param answer what was answered
     */
    record Kept(String owner, List<RequestMessage> turns, JsonBody answer) {
        Kept {
            turns = List.copyOf(turns);
        }
    }

    private record Entry(Kept kept, long bytes, long nanos) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final LongSupplier clock;
    private int maxCount;
    private long maxBytes;
    private Duration maxAge;
    private long bytes;

    /**
     * @param maxCount the most responses
     * @param maxBytes the most bytes of all of them
     * @param maxAge how long one is kept
     * @param clock tells the time in nanoseconds
     */
    ResponseStore(int maxCount, long maxBytes, Duration maxAge, LongSupplier clock) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
        this.maxAge = maxAge;
        this.clock = clock;
    }

    synchronized void setMaxCount(int limit) {
        maxCount = limit;
    }

    synchronized void setMaxBytes(long limit) {
        maxBytes = limit;
    }

    synchronized void setMaxAge(Duration limit) {
        maxAge = limit;
    }

    /** Whether a conversation is small enough to be kept. */
    synchronized boolean hasRoomFor(List<RequestMessage> turns) {
        return maxCount > 0 && size(turns) <= maxBytes;
    }

    synchronized void keep(String id, Kept kept) {
        long size = size(kept.turns()) + kept.answer().toJson().length();
        if (maxCount < 1 || size > maxBytes) {
            return;
        }
        entries.put(id, new Entry(kept, size, clock.getAsLong()));
        bytes += size;
        forgetTheOld();
        Iterator<Entry> oldest = entries.values().iterator();
        while (entries.size() > maxCount || bytes > maxBytes) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    synchronized Optional<Kept> find(String id, String owner) {
        forgetTheOld();
        return Optional.ofNullable(entries.get(id))
                .map(Entry::kept)
                .filter(kept -> kept.owner().equals(owner));
    }

    synchronized boolean remove(String id, String owner) {
        if (find(id, owner).isEmpty()) {
            return false;
        }
        bytes -= entries.remove(id).bytes();
        return true;
    }

    synchronized long bytes() {
        return bytes;
    }

    private void forgetTheOld() {
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            Entry entry = oldest.next();
            if (clock.getAsLong() - entry.nanos() < maxAge.toNanos()) {
                return;
            }
            bytes -= entry.bytes();
            oldest.remove();
        }
    }

    private static long size(List<RequestMessage> turns) {
        long size = 0;
        for (RequestMessage turn : turns) {
            size += OVERHEAD;
            for (ContentPart part : turn.parts()) {
                size += OVERHEAD + bytes(part instanceof TextContent text ? text.text() : url(part));
            }
            for (FunctionToolCall call : turn.toolCalls()) {
                size += OVERHEAD + bytes(call.function().arguments());
            }
        }
        return size;
    }

    private static String url(ContentPart part) {
        ImageContent picture = (ImageContent) part;
        return picture.imageUrl() == null ? picture.uuid() : picture.imageUrl().url();
    }

    /** A data URL takes a byte for a character, other texts two at most. */
    private static long bytes(String text) {
        return text.startsWith("data:") ? text.length() : 2L * text.length();
    }
}
