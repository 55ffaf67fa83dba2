package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.TextPart;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/** Tells apart documents, and what is asked of their pages. */
final class DocumentDigest {
    /** So many characters are as good as all, and shorter. */
    private static final int LENGTH = 32;

    private DocumentDigest() {}

    /**
     * The digest of a document and of what is asked of its pages.
     *
     * @param question what is asked of a page
     * @param others what else the answers depend on, told by texts
     */
    static String of(byte[] document, Function<EncodedImage, ChatRequest> question, List<?> others) {
        MessageDigest digest = sha256();
        digest.update(document);
        // Of a page that is empty, since all are asked alike.
        ChatRequest asked = question.apply(new EncodedImage("", new byte[0]));
        asked.messages().stream()
                .flatMap(turn -> turn.parts().stream())
                .filter(TextPart.class::isInstance)
                .forEach(part -> add(digest, part));
        add(digest, asked.sampling());
        others.forEach(other -> add(digest, other));
        return HexFormat.of().formatHex(digest.digest()).substring(0, LENGTH);
    }

    private static void add(MessageDigest digest, Object told) {
        digest.update((byte) 0);
        digest.update(told.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
