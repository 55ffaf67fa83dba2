package io.github.camelvlm.model;

/**
 * A picture of a prompt, or two frames of a video in it.
 *
 * @param name what errors call it
 * @param width of the picture as it came, in pixels
 * @param height of the picture as it came, in pixels
 * @param image what the model sees of it
 * @param digest tells apart what the model sees of different pictures, and with different adapters
 * @param firstToken the index in the prompt of its first image token; the others follow
 * @param adapter the {@link ModelAdapter#pictureKey key} of the adapter that it is encoded with
 */
public record PromptPicture(
        String name, int width, int height, ProcessedImage image, String digest, int firstToken, long adapter) {

    /** A picture that is encoded by the model as it is. */
    public PromptPicture(String name, int width, int height, ProcessedImage image, String digest, int firstToken) {
        this(name, width, height, image, digest, firstToken, ModelAdapter.NONE);
    }

    /** The same as an adapter has it encoded. */
    PromptPicture encodedWith(ModelAdapter chosen) {
        return chosen.changesPictures()
                ? new PromptPicture(
                        name, width, height, image, digest + ":" + chosen.key(), firstToken, chosen.pictureKey())
                : this;
    }

    /** Whether it is of a video. */
    public boolean isOfVideo() {
        return image.frames() > 1;
    }

    /** The number of its image tokens. */
    public int tokens() {
        return image.tokens();
    }
}
