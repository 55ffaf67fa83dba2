package io.github.camelvlm.routes.s3;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Where things are in S3: pictures and those that failed in one bucket, captions and claims in the same or another one.
 * Nothing here asks a server.
 */
public final class S3Places {
    /** S3's limit on a key, in bytes, less what is put behind it here: the name of an instance. */
    private static final int LONGEST = 1024 - 40;

    /** What follows a batch's name in that of its answers. */
    private static final String ANSWERS = ".output.jsonl";

    private String bucket = "";
    private String prefix = "";
    private String captionsBucket = "";
    private String captions = "captions/";
    private String claims = "claims/";
    private String failed = "failed/";
    private Pattern names = Pattern.compile(".*");
    private Pattern batchNames = Pattern.compile("");

    public void setBucket(String bucket) {
        this.bucket = bucket.strip();
    }

    /** @param prefix with which the keys of pictures begin; may be empty */
    public void setPrefix(String prefix) {
        this.prefix = prefix;
    }

    /** @param captionsBucket the bucket of captions and claims; blank for that of the pictures */
    public void setCaptionsBucket(String captionsBucket) {
        this.captionsBucket = captionsBucket.strip();
    }

    /** @param captions with which the keys of captions begin */
    public void setCaptions(String captions) {
        this.captions = captions;
    }

    /** @param claims with which the keys of claims begin */
    public void setClaims(String claims) {
        this.claims = claims;
    }

    /** @param failed with which the keys of pictures begin that cannot be described */
    public void setFailed(String failed) {
        this.failed = failed;
    }

    /** @param names a regular expression for the last part of a picture's key */
    public void setNames(String names) {
        this.names = pattern("s3.names", names);
    }

    /** @param names a regular expression for the last part of the key of a file of requests */
    public void setBatchNames(String names) {
        batchNames = pattern("s3.batch-names", names);
    }

    private static Pattern pattern(String property, String names) {
        try {
            return Pattern.compile(names);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(property + " is not a regular expression: " + e.getMessage());
        }
    }

    /**
     * Checks that no picture is looked for where this application itself puts objects.
     *
     * @throws IllegalArgumentException if it would be
     */
    public void requireUsable() {
        if (bucket.isEmpty()) {
            throw new IllegalArgumentException("s3.bucket is not set: name the bucket of the pictures");
        }
        requireApart("s3.failed", failed, true);
        requireApart("s3.claims", claims, captionsBucket().equals(bucket));
        if (captionsBucket().equals(bucket) && !captions.isEmpty() && prefix.startsWith(captions)) {
            throw new IllegalArgumentException("s3.prefix is \"" + prefix
                    + "\", where s3.captions puts captions: name another prefix for one of them");
        }
    }

    private void requireApart(String name, String own, boolean sameBucket) {
        if (own.isEmpty()) {
            throw new IllegalArgumentException(name + " is empty: name a prefix, such as " + name.substring(3) + "/");
        }
        if (sameBucket && prefix.startsWith(own)) {
            throw new IllegalArgumentException("s3.prefix is \"" + prefix + "\", which lies in " + name + " = \"" + own
                    + "\": name another prefix for one of them");
        }
    }

    /** The bucket of the pictures, and of those that failed. */
    public String bucket() {
        return bucket;
    }

    /** With which the keys of pictures begin. */
    public String prefix() {
        return prefix;
    }

    /** The bucket of captions and claims. */
    public String captionsBucket() {
        return captionsBucket.isEmpty() ? bucket : captionsBucket;
    }

    /**
     * Whether an object below the prefix is a picture or a batch by its name, and none that was put aside. One whose key is so long
     * that those of its caption, its claim or its failure would be too long for S3 is left alone.
     */
    public boolean isPicture(String key) {
        boolean ours = key.startsWith(failed)
                || captionsBucket().equals(bucket)
                        && (key.startsWith(claims) || !captions.isEmpty() && key.startsWith(captions));
        int longestPrefix = Math.max(captions.length(), Math.max(claims.length(), failed.length()));
        return !ours
                && key.getBytes(StandardCharsets.UTF_8).length + longestPrefix <= LONGEST
                && (isBatch(key) || names.matcher(name(key)).matches());
    }

    /** Whether an object is a file of requests by its name, and none of answers. */
    public boolean isBatch(String key) {
        return batchNames.matcher(name(key)).matches() && !key.endsWith(ANSWERS);
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    /** The key of a picture's caption, or of a batch's answers. */
    public String caption(String key) {
        return captions + key + (isBatch(key) ? ANSWERS : ".json");
    }

    /** The key of a batch's answers while there are more to come. */
    public String partOfAnswers(String key) {
        return captions + key + ANSWERS + ".part";
    }

    /** With which the keys of the captions of all pictures begin. */
    public String captionsPrefix() {
        return captions + prefix;
    }

    /** With which the keys of the claims to one picture begin; a name without a slash follows. */
    public String claims(String key) {
        return claims + key + "/";
    }

    /** The key of a picture that cannot be described. */
    public String failed(String key) {
        return failed + key;
    }

    /** The key of the reason why. */
    public String reason(String key) {
        return failed + key + ".error.txt";
    }
}
