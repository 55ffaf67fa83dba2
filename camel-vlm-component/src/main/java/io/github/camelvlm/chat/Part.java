package io.github.camelvlm.chat;

/** A piece of a message: text, tokens, a picture or a video. */
public sealed interface Part permits TextPart, TokensPart, ImagePart, VideoPart {}
