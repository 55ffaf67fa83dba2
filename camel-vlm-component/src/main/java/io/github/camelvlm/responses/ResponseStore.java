package io.github.camelvlm.responses;

import io.github.camelvlm.openai.ContentPart;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.ImageContent;
import io.github.camelvlm.openai.RequestMessage;
import io.github.camelvlm.openai.TextContent;
import io.github.camelvlm.openai.VideoContent;
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
     * @param answer what was answered, in JSON: a tree of it would take many times the room
     */
    record Kept(String owner, List<RequestMessage> turns, String answer) {
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
        long size = size(kept.turns()) + bytes(kept.answer());
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
            size += OVERHEAD + bytes(turn.toolCallId());
            for (ContentPart part : turn.parts()) {
                size += OVERHEAD + size(part);
            }
            for (FunctionToolCall call : turn.toolCalls()) {
                size += OVERHEAD
                        + bytes(call.id())
                        + bytes(call.function().name())
                        + bytes(call.function().arguments());
            }
        }
        return size;
    }

    private static long size(ContentPart part) {
        if (part instanceof TextContent text) {
            return bytes(text.text());
        }
        if (part instanceof ImageContent picture) {
            return bytes(picture.uuid())
                    + (picture.imageUrl() == null ? 0 : bytes(picture.imageUrl().url()));
        }
        if (part instanceof VideoContent video) {
            long frames = video.video() == null
                    ? 0
                    : video.video().stream()
                            .mapToLong(frame -> OVERHEAD + bytes(frame))
                            .sum();
            return bytes(video.uuid())
                    + frames
                    + (video.videoUrl() == null ? 0 : bytes(video.videoUrl().url()));
        }
        throw new IllegalArgumentException("A turn of a response has no part " + part.type());
    }

    /** A data URL takes a byte for a character, other texts two at most. */
    private static long bytes(String text) {
        return text == null ? 0 : text.startsWith("data:") ? text.length() : 2L * text.length();
    }
}
