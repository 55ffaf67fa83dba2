package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.ModelInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names what besides the request decides an answer: the model with what is
 * merged into it, the type it computes in, the version of this component. */
public final class SystemFingerprint {
    private static final int BYTES = 5;

    /** What Camel's tools write of the component, its version included. */
    private static final byte[] CATALOG_ENTRY = catalogEntry();

    private SystemFingerprint() {}

    private static byte[] catalogEntry() {
        try (InputStream in = SystemFingerprint.class.getResourceAsStream("/META-INF/io/github/camelvlm/vlm.json")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fingerprint of answers of a model, such as {@code fp_44709d6fcb}. */
    public static String of(ModelInfo info) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((info.name() + '\n' + info.dtype() + '\n').getBytes(StandardCharsets.UTF_8));
            info.merged().forEach(adapter -> digest.update((adapter + '\n').getBytes(StandardCharsets.UTF_8)));
            return "fp_" + HexFormat.of().formatHex(digest.digest(CATALOG_ENTRY), 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
