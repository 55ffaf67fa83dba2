package io.github.camelvlm.chat;

/** A piece of a message: text, a picture or a video. */
public sealed interface Part permits TextPart, ImagePart, VideoPart {}
