package io.github.camelvlm.remote;

import io.github.camelvlm.chat.EncodedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.EntityTemplate;

/**
 * The pictures of a request. In the JSON that is made of it a mark stands for each; they become base64 only piece by piece
 * while they are sent, since text of them all, for each answer and each server that is asked, would fill the heap.
 */
final class SentPictures {
    /** What is encoded at once; of three bytes four characters are made, and only the last piece has padding. */
    private static final int PIECE = 3 * 8192;

    /** No text of a client's can hold it. */
    private final byte[] mark = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);

    private final List<byte[]> pictures = new ArrayList<>();

    /** Adds the next picture, in the order in which they stand in the JSON, and returns its mark. */
    String add(EncodedImage picture) {
        pictures.add(picture.bytes());
        return new String(mark, StandardCharsets.US_ASCII);
    }

    /** JSON with the pictures where their marks are. */
    HttpEntity in(byte[] json) {
        // Told, since many servers take no body whose length is not.
        long length = json.length;
        for (byte[] picture : pictures) {
            length += (picture.length + 2L) / 3 * 4 - mark.length;
        }
        return new EntityTemplate(length, ContentType.APPLICATION_JSON, null, out -> write(json, out));
    }

    private void write(byte[] json, OutputStream out) throws IOException {
        int begin = 0;
        for (byte[] picture : pictures) {
            int end = find(json, begin);
            out.write(json, begin, end - begin);
            for (int at = 0; at < picture.length; at += PIECE) {
                out.write(Base64.getEncoder()
                        .encode(Arrays.copyOfRange(picture, at, Math.min(at + PIECE, picture.length))));
            }
            begin = end + mark.length;
        }
        out.write(json, begin, json.length - begin);
    }

    private int find(byte[] json, int from) {
        for (int at = from; at + mark.length <= json.length; at++) {
            if (Arrays.equals(json, at, at + mark.length, mark, 0, mark.length)) {
                return at;
            }
        }
        throw new IllegalStateException("the JSON of a request lacks a picture");
    }
}
