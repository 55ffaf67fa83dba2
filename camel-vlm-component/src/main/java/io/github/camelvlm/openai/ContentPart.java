package io.github.camelvlm.openai;

/** A piece of a {@link RequestMessage}: text or a picture. */
public sealed interface ContentPart permits TextContent, ImageContent {

    /** The value of {@code type}, which tells the kinds of parts apart. */
    String type();
}
