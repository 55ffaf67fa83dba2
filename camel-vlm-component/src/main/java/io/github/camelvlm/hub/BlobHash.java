package io.github.camelvlm.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a file's bytes must hash to, and its name among the blobs of the cache: the Hub's etag. Files in Git LFS have the
 * SHA-256 of their bytes, others the id of their Git object, which is the SHA-1 of {@code blob SIZE\0} and the bytes (Git
 * book, chapter 10.2).
 *
 * @param kind which of the two it is
 * @param hex its digits, in lower case
 */
record BlobHash(Kind kind, String hex) {
    enum Kind {
        SHA256("SHA-256", 64),
        GIT("SHA-1", 40);

        private final String algorithm;
        private final Pattern digits;

        Kind(String algorithm, int length) {
            this.algorithm = algorithm;
            digits = Pattern.compile("[0-9a-f]{" + length + "}");
        }
    }

    /** @return empty if {@code text} is not of this kind; the text becomes the name of a file */
    static Optional<BlobHash> parse(Kind kind, String text) {
        String hex = text.toLowerCase(Locale.ROOT);
        return kind.digits.matcher(hex).matches() ? Optional.of(new BlobHash(kind, hex)) : Optional.empty();
    }

    /** A digest that waits for the bytes of a file of {@code size} bytes. */
    MessageDigest begin(long size) {
        try {
            MessageDigest digest = MessageDigest.getInstance(kind.algorithm);
            if (kind == Kind.GIT) {
                digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
            }
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1 and SHA-256", e);
        }
    }

    /** Whether the digest has seen the right bytes. It can take no more afterwards. */
    boolean matches(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest()).equals(hex);
    }
}
