package io.github.camelvlm.video;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The packets of a film's pictures in the order of its file, in which they are decoded: each is a picture, shown at its time.
 * Used by one thread.
 */
final class FilmPackets {
    /** Of films of more, half a day at 24 frames a second, packets are counted only. */
    private static final int MAX_KNOWN = 1 << 20;

    private static final byte KEY = 1;
    private static final byte HIDDEN = 2;

    private long[] times = new long[1024];
    private long[] places = new long[1024];
    private int[] sizes = new int[1024];
    private byte[] flags = new byte[1024];
    private int count;
    private long shown;
    private boolean isKnown = true;
    private boolean isReordered;

    /** Tells of a key frame whether those behind it, as far as they are shown later, need nothing before it. */
    @FunctionalInterface
    interface KeyFrameTest {
        /**
         * @param place where in the file its packet is; negative if that is not known
         * @param size how many bytes it has
         */
        boolean isWhole(long place, int size);
    }

    /**
     * Adds the next one.
     *
     * @param time when it is shown, in units of the stream; null if that is not known
     * @param place where it is in the file, in bytes; negative if that is not known
     * @param size how many bytes it has
     * @param isKey whether the file calls it a key frame
     * @param isHidden whether it is decoded for others alone, as what an edit list cuts off
     */
    void add(Long time, long place, int size, boolean isKey, boolean isHidden) {
        shown += isHidden ? 0 : 1;
        isKnown &= time != null && count < MAX_KNOWN;
        if (!isKnown) {
            return;
        }
        if (count == times.length) {
            times = Arrays.copyOf(times, 2 * count);
            places = Arrays.copyOf(places, 2 * count);
            sizes = Arrays.copyOf(sizes, 2 * count);
            flags = Arrays.copyOf(flags, 2 * count);
        }
        isReordered |= count > 0 && time < times[count - 1];
        times[count] = time;
        places[count] = place;
        sizes[count] = size;
        flags[count] = (byte) ((isKey ? KEY : 0) | (isHidden ? HIDDEN : 0));
        count++;
    }

    /** How many are shown. */
    int shown() {
        return (int) Math.min(Integer.MAX_VALUE, shown);
    }

    /**
     * Which packets are enough for some pictures; empty if a time is in doubt.
     *
     * @param wanted numbers of pictures in the order of time, from 0, ascending
     * @param isReordered whether the codec says that pictures are decoded in another order than they are shown
     * @param keyFrames looks at key frames
     */
    Optional<FilmParts> enoughFor(int[] wanted, boolean isReordered, KeyFrameTest keyFrames) {
        if (!isKnown || isReordered != this.isReordered) {
            return Optional.empty();
        }
        long[] inOrder = new long[shown()];
        int next = 0;
        for (int i = 0; i < count; i++) {
            if ((flags[i] & HIDDEN) == 0) {
                inOrder[next++] = times[i];
            }
        }
        Arrays.sort(inOrder);
        for (int i = 1; i < inOrder.length; i++) {
            if (inOrder[i] == inOrder[i - 1]) {
                return Optional.empty();
            }
        }
        long[] wantedTimes =
                Arrays.stream(wanted).mapToLong(index -> inOrder[index]).toArray();
        return Optional.of(new FilmParts(parts(wantedTimes, keyFrames), wantedTimes));
    }

    private List<FilmParts.Part> parts(long[] wantedTimes, KeyFrameTest keyFrames) {
        boolean[] isWhole = new boolean[count];
        int[] packets = new int[wantedTimes.length];
        for (int i = 0; i < count; i++) {
            isWhole[i] = (flags[i] & KEY) != 0 && keyFrames.isWhole(places[i], sizes[i]);
            int found = (flags[i] & HIDDEN) != 0 ? -1 : Arrays.binarySearch(wantedTimes, times[i]);
            if (found >= 0) {
                packets[found] = i;
            }
        }
        List<FilmParts.Part> parts = new ArrayList<>();
        FilmParts.Part last = null;
        for (int packet : packets) {
            int first = packet;
            while (first > 0
                    && !(isWhole[first] && times[first] <= times[packet])
                    && (last == null || first < last.first() || first > last.last() + 1)) {
                first--;
            }
            last = new FilmParts.Part(first, packet);
            while (!parts.isEmpty() && parts.get(parts.size() - 1).last() >= last.first() - 1) {
                last = last.with(parts.remove(parts.size() - 1));
            }
            parts.add(last);
        }
        return parts;
    }
}
