package io.github.camelvlm.remote;

import io.github.camelvlm.chat.EncodedImage;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The pictures of a request. In the JSON that is made of it a mark stands for each; they become base64 only piece by piece
 * while they are sent, since text of them all, for each answer and each server that is asked, would fill the heap.
 */
final class SentPictures {
    /** What is encoded at once; of three bytes four characters are made, and only the last piece has padding. */
    private static final int PIECE = 3 * 8192;

    /** No text of a client's can hold it. */
    private final String mark = UUID.randomUUID().toString();

    private final List<EncodedImage> pictures = new ArrayList<>();

    /** Adds the next picture, in the order in which they stand in the JSON, and returns its mark. */
    String add(EncodedImage picture) {
        pictures.add(picture);
        return mark;
    }

    /** JSON with the pictures where their marks are. It is written anew for each who subscribes. */
    BodyPublisher in(byte[] json) {
        List<BodyPublisher> parts = new ArrayList<>();
        byte[] sought = mark.getBytes(StandardCharsets.US_ASCII);
        int begin = 0;
        for (EncodedImage picture : pictures) {
            int end = find(sought, json, begin);
            parts.add(BodyPublishers.ofByteArray(json, begin, end - begin));
            parts.add(base64(picture.bytes()));
            begin = end + sought.length;
        }
        parts.add(BodyPublishers.ofByteArray(json, begin, json.length - begin));
        return BodyPublishers.concat(parts.toArray(BodyPublisher[]::new));
    }

    private static int find(byte[] sought, byte[] text, int from) {
        for (int at = from; at + sought.length <= text.length; at++) {
            if (Arrays.equals(text, at, at + sought.length, sought, 0, sought.length)) {
                return at;
            }
        }
        throw new IllegalStateException("the JSON of a request lacks a picture");
    }

    private static BodyPublisher base64(byte[] picture) {
        if (picture.length == 0) {
            return BodyPublishers.noBody();
        }
        // Many servers take no body whose length is not told.
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofByteArrays(() -> pieces(picture)), (picture.length + 2L) / 3 * 4);
    }

    private static Iterator<byte[]> pieces(byte[] picture) {
        return IntStream.iterate(0, at -> at < picture.length, at -> at + PIECE)
                .mapToObj(at -> Base64.getEncoder()
                        .encode(Arrays.copyOfRange(picture, at, Math.min(at + PIECE, picture.length))))
                .iterator();
    }
}
