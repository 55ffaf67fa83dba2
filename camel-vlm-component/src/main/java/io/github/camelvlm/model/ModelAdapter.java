package io.github.camelvlm.model;

/**
 * An adapter that a program holds beside its model, for those that ask for it.
 *
 * @param key what the program knows it by
 * @param changesDecoder whether it changes keys and values, and what is said
 * @param changesPictures whether it changes pictures' embeddings
 */
public record ModelAdapter(long key, boolean changesDecoder, boolean changesPictures) {
    /** The key of no adapter. */
    public static final long NONE = 0;

    /** The model as it is. */
    public static final ModelAdapter ABSENT = new ModelAdapter(NONE, false, false);

    /** Its key for the decoder. */
    public long decoderKey() {
        return changesDecoder ? key : NONE;
    }

    /** Its key for the vision tower. */
    public long pictureKey() {
        return changesPictures ? key : NONE;
    }
}
