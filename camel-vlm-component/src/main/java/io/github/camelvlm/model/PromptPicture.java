package io.github.camelvlm.model;

/**
 * A picture of a prompt.
 *
 * @param name what errors call it
 * @param width of the picture as it came, in pixels
 * @param height of the picture as it came, in pixels
 * @param image what the model sees of it
 * @param digest tells apart what the model sees of different pictures
 * @param firstToken the index in the prompt of its first image token; the others follow
 */
public record PromptPicture(String name, int width, int height, ProcessedImage image, String digest, int firstToken) {

    /** The number of its image tokens. */
    public int tokens() {
        return image.tokens();
    }
}
