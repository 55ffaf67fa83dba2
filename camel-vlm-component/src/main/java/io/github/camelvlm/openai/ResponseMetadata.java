package io.github.camelvlm.openai;

import java.time.Instant;
import java.util.UUID;

/**
 * What an answer says of itself, the same in every chunk of it.
 *
 * @param id names the answer
 * @param created when it was asked for
 * @param model the name of the model that gives it
 * @param systemFingerprint changes when the same seed may give another answer; null if that is not known
 */
public record ResponseMetadata(String id, Instant created, String model, String systemFingerprint) {

    /** Those of a new answer, with an id such as {@code chatcmpl-3f2c…}. */
    public static ResponseMetadata create(String model, String systemFingerprint) {
        String id = "chatcmpl-" + UUID.randomUUID().toString().replace("-", "");
        return new ResponseMetadata(id, Instant.now(), model, systemFingerprint);
    }
}
