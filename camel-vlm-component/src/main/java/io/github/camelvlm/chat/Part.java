package io.github.camelvlm.chat;

/** A piece of a message: text or a picture. */
public sealed interface Part permits TextPart, ImagePart {}
