package io.github.camelvlm.openai;

/** A piece of a {@link RequestMessage}: text, tokens, a picture or a video. */
public sealed interface ContentPart permits TextContent, TokensContent, ImageContent, VideoContent {

    /** The value of {@code type}, which tells the kinds of parts apart. */
    String type();
}
