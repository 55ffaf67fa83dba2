package io.github.camelvlm.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * Fetches the bytes of one file into the blobs of a model. They gather beside their place, where the next attempt, or the
 * next process, goes on after a break; once they are whole and right they are moved there in one step.
 *
 * <p>huggingface_hub gathers in files of other names, so that the two never write to the same one.
 */
final class BlobDownload {
    static final String INCOMPLETE = ".camel-vlm.incomplete";
    private static final int BUFFER = 256 * 1024;

    /** A second time, as a proxy may have spoilt the first. */
    private static final int TRIES = 2;

    private final RemoteFile file;
    private final Path blob;
    private final Path incomplete;
    private final DownloadProgress progress;
    private MessageDigest digest;
    private long arrived;

    /** @param blobs an existing folder */
    BlobDownload(RemoteFile file, Path blobs, DownloadProgress progress) {
        this.file = file;
        this.progress = progress;
        blob = blobs.resolve(file.hash().hex());
        incomplete = blobs.resolve(file.hash().hex() + INCOMPLETE);
    }

    /** The bytes that are still to come. */
    long missing() throws IOException {
        if (isThere()) {
            return 0;
        }
        long there = Files.isRegularFile(incomplete) ? Files.size(incomplete) : 0;
        return Math.max(0, file.size() - there);
    }

    private boolean isThere() throws IOException {
        return Files.isRegularFile(blob) && Files.size(blob) == file.size();
    }

    /**
     * Fetches what is missing.
     *
     * @return the blob
     * @throws ModelDownloadException if the hub refuses it, or the disk is full
     * @throws IOException if it does not arrive in spite of all attempts; the message is for users
     */
    Path fetch(Hub hub, ModelId id, RemoteModel model, HubClient client, Retries retries, Cancellation cancellation)
            throws IOException, InterruptedException {
        if (isThere()) {
            progress.arrived(file.size());
            return blob;
        }
        for (int tries = 1; tries <= TRIES; tries++) {
            if (isRight(hub.file(id, model, file), file.name() + " of " + id, client, retries, cancellation)) {
                Files.move(incomplete, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return blob;
            }
            Files.delete(incomplete);
            progress.arrived(-arrived);
        }
        throw new IOException("its bytes are not those that the hub lists, in " + TRIES + " attempts");
    }

    /** Fetches what is missing, and tells whether the bytes are those that they should be. */
    private boolean isRight(URI uri, String what, HubClient client, Retries retries, Cancellation cancellation)
            throws IOException, InterruptedException {
        try (FileChannel channel = open()) {
            takeUp(channel);
            retries.run(what, () -> arrived, cancellation, () -> {
                if (arrived < file.size()) {
                    client.get(uri, arrived, response -> receive(response, channel));
                }
                return null;
            });
            force(channel);
            return file.hash().matches(digest);
        }
    }

    private FileChannel open() {
        try {
            return FileChannel.open(
                    incomplete, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Reads again what an earlier process has left. */
    private void takeUp(FileChannel channel) {
        begin();
        try {
            if (channel.size() > file.size()) {
                channel.truncate(0);
            }
            long there = channel.size();
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            for (int n = 0; n >= 0 && arrived < there; n = channel.read(buffer.clear())) {
                count(buffer.array(), n);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Before it is moved, or a power cut could leave the name without the bytes. */
    private void force(FileChannel channel) {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void begin() {
        digest = file.hash().begin(file.size());
        arrived = 0;
    }

    private void count(byte[] bytes, int n) {
        digest.update(bytes, 0, n);
        arrived += n;
        progress.arrived(n);
    }

    private Void receive(HubResponse response, FileChannel channel) throws IOException {
        if (!response.beginsAt(arrived)) {
            progress.arrived(-arrived);
            begin();
            channel.truncate(0);
            if (!response.beginsAt(0)) {
                throw new BrokenTransferException("the server has not the part that was asked for");
            }
        }
        if (response.length() >= 0 && response.length() != file.size() - arrived) {
            throw new BrokenTransferException("the server announces " + (arrived + response.length())
                    + " bytes, but the hub lists " + file.size());
        }
        byte[] bytes = new byte[BUFFER];
        for (int n = response.body().read(bytes); n >= 0; n = response.body().read(bytes)) {
            if (n > file.size() - arrived) {
                throw new BrokenTransferException(
                        "the server sends more than the " + file.size() + " bytes that the hub lists");
            }
            write(channel, ByteBuffer.wrap(bytes, 0, n));
            count(bytes, n);
        }
        if (arrived < file.size()) {
            throw new BrokenTransferException(
                    "the connection ended after " + arrived + " of " + file.size() + " bytes");
        }
        return null;
    }

    private void write(FileChannel channel, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private ModelDownloadException unwritable(IOException e) {
        return new ModelDownloadException(
                incomplete + " cannot be written (" + e.getMessage()
                        + "). Free space or change its permissions, or set HF_HUB_CACHE to a folder on another disk",
                e);
    }
}
