package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.VideoFrames;
import io.github.camelvlm.fetch.MediaKind;
import io.github.camelvlm.openai.JsonValue;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The files of pictures and videos to which requests gave a {@code uuid}, so that later ones need not send them again: those
 * that were used last, within a bound. Any thread may call it.
 */
public final class KeptMedia {
    /** The bound where nothing is said, in bytes. */
    public static final long DEFAULT_BYTES = 64L << 20;

    /** What an entry, or a frame, takes beside its file and its uuid, about, in bytes. */
    private static final int OVERHEAD = 200;

    /** @param owner gave the uuid; another one's is another file */
    private record Key(String owner, MediaKind kind, String uuid) {}

    /**
     * A file, or the listed frames of a video.
     *
     * @param name what errors call it
     * @param bytes the file; null for frames
     * @param frames the frames; null for a file
     */
    record Kept(String name, byte[] bytes, VideoFrames frames) {
        static Kept file(String name, byte[] bytes) {
            return new Kept(name, bytes, null);
        }

        static Kept frames(VideoFrames frames) {
            return new Kept(frames.name(), null, frames);
        }

        private long size() {
            return frames == null
                    ? bytes.length
                    : frames.size() + (long) OVERHEAD * frames.frames().size();
        }
    }

    private final Map<Key, Kept> files = new LinkedHashMap<>(16, 0.75f, true);
    private long maxBytes;
    private long bytes;

    /** @param maxBytes the most bytes of all files together; 0 to keep none */
    public KeptMedia(long maxBytes) {
        setMaxBytes(maxBytes);
    }

    /** @throws IllegalArgumentException if the bound, in bytes, is negative */
    public synchronized void setMaxBytes(long limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("keptMediaBytes must not be negative, but is " + limit);
        }
        maxBytes = limit;
        forgetTheOld();
    }

    /** The most bytes of all files together. */
    public synchronized long getMaxBytes() {
        return maxBytes;
    }

    /** Keeps a file in the place of another one of the same uuid; of a larger one than the bound, neither. */
    synchronized void keep(String owner, MediaKind kind, String uuid, Kept file) {
        Key key = new Key(owner, kind, uuid);
        Kept before = files.remove(key);
        if (before != null) {
            bytes -= size(key, before);
        }
        if (size(key, file) > maxBytes) {
            return;
        }
        files.put(key, file);
        bytes += size(key, file);
        forgetTheOld();
    }

    /** @throws InvalidRequestException if there is none, or none any more */
    synchronized Kept require(String owner, MediaKind kind, String uuid) {
        Kept file = files.get(new Key(owner, kind, uuid));
        if (file == null) {
            String url = kind == MediaKind.PICTURE ? "image_url" : "video_url";
            throw new InvalidRequestException(
                    "uuid",
                    "\"" + JsonValue.clip(uuid) + "\" is not known here, or not any more: send it with its " + url,
                    "unknown_uuid");
        }
        return file;
    }

    private void forgetTheOld() {
        Iterator<Map.Entry<Key, Kept>> oldest = files.entrySet().iterator();
        while (bytes > maxBytes) {
            Map.Entry<Key, Kept> entry = oldest.next();
            bytes -= size(entry.getKey(), entry.getValue());
            oldest.remove();
        }
    }

    private static long size(Key key, Kept file) {
        return OVERHEAD + 2L * key.uuid().length() + file.size();
    }
}
