package io.github.camelvlm.engine;

import io.github.camelvlm.model.ModelProgram;
import io.github.camelvlm.model.PromptPicture;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The embeddings of recent pictures, and pictures on their way through the vision tower, which the program holds under
 * keys; those used least recently go first. A picture that goes while a sequence still needs it is encoded again. Whatever
 * call of the program fails, what is noted here is what the program holds, or more.
 */
final class EmbeddingCache {
    private static final int MAX_PICTURES = 512;

    private static final class Entry {
        final long key;
        final long bytes;
        boolean begun;
        int halfBlocksDone;

        Entry(long key, long bytes) {
            this.key = key;
            this.bytes = bytes;
        }
    }

    private final ModelProgram program;
    private final long maxBytes;
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long nextKey;
    private long bytes;

    /** @param maxBytes the most that embeddings may take, those of the picture used last aside */
    EmbeddingCache(ModelProgram program, long maxBytes) {
        this.program = program;
        this.maxBytes = maxBytes;
    }

    /** The half blocks that a picture has yet to pass; 0 if its embeddings are there. */
    int halfBlocksLeft(PromptPicture picture) {
        Entry entry = entries.get(picture.digest());
        return program.halfBlocks() - (entry == null ? 0 : entry.halfBlocksDone);
    }

    /** Takes a picture through its next half blocks. */
    void encode(PromptPicture picture, int halfBlocks) {
        Entry entry = entries.get(picture.digest());
        if (entry == null) {
            entry = new Entry(nextKey++, picture.tokens() * program.pictureBytesPerToken());
            // Before the program holds anything, so that nothing it holds is forgotten here.
            entries.put(picture.digest(), entry);
            bytes += entry.bytes;
        }
        if (!entry.begun) {
            program.begin(entry.key, picture.image());
            entry.begun = true;
        }
        int end = entry.halfBlocksDone + halfBlocks;
        program.encode(entry.key, picture.adapter(), entry.halfBlocksDone, end);
        entry.halfBlocksDone = end;
    }

    /** The program's key of a picture whose embeddings are there. */
    long key(PromptPicture picture) {
        return entries.get(picture.digest()).key;
    }

    /** Forgets a picture, so that it is encoded again if it is asked about again. */
    void forget(PromptPicture picture) {
        Entry entry = entries.get(picture.digest());
        if (entry != null) {
            program.drop(entry.key);
            bytes -= entry.bytes;
            entries.remove(picture.digest());
        }
    }

    /**
     * Forgets what is beyond the bounds; to be called when no step is being put together. The picture used last stays: one
     * that is beyond them by itself would never be encoded otherwise.
     */
    void trim() {
        Iterator<Entry> oldest = entries.values().iterator();
        while (entries.size() > 1 && (bytes > maxBytes || entries.size() > MAX_PICTURES)) {
            Entry entry = oldest.next();
            program.drop(entry.key);
            bytes -= entry.bytes;
            oldest.remove();
        }
    }
}
