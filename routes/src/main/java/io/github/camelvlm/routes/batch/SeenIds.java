package io.github.camelvlm.routes.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Remembers which names a batch has used, 8 to 16 bytes each: what is kept is a hash, of which two of a million are equal
 * once in forty million batches.
 */
final class SeenIds {
    private long[] hashes = new long[1024];
    private int size;

    /** Notes a name; false if it was noted before. */
    boolean add(String name) {
        if (size >= hashes.length / 2) {
            grow();
        }
        boolean isNew = put(hash(name));
        size += isNew ? 1 : 0;
        return isNew;
    }

    private boolean put(long hash) {
        int place = (int) hash & (hashes.length - 1);
        while (hashes[place] != 0) {
            if (hashes[place] == hash) {
                return false;
            }
            place = (place + 1) & (hashes.length - 1);
        }
        hashes[place] = hash;
        return true;
    }

    private void grow() {
        long[] old = hashes;
        hashes = new long[old.length * 2];
        Arrays.stream(old).filter(hash -> hash != 0).forEach(this::put);
    }

    private static long hash(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            long hash = ByteBuffer.wrap(digest).getLong();
            return hash == 0 ? 1 : hash;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
