package io.github.camelvlm.chat;

/**
 * A picture of a request and what it cost.
 *
 * @param name the name that the request gave it
 * @param width of the picture as it came, turned upright, in pixels
 * @param height of the picture as it came, turned upright, in pixels
 * @param tokens the prompt tokens that it became; 0 if a server elsewhere knows it alone
 * @param shownWidth of the picture as the model sees it, in pixels; 0 if a server elsewhere knows it alone
 * @param shownHeight of the picture as the model sees it, in pixels; 0 if a server elsewhere knows it alone
 */
public record SeenPicture(String name, int width, int height, int tokens, int shownWidth, int shownHeight) {
    /** A picture that a server elsewhere resizes. */
    public SeenPicture(String name, int width, int height) {
        this(name, width, height, 0, 0, 0);
    }
}
