package io.github.camelvlm.chat;

import java.time.Instant;

/**
 * What an engine runs.
 *
 * @param name the name of the model, such as that of its directory
 * @param contextLength the most tokens of prompt and answer together; 0 if that is not known
 * @param dtype the type it computes in, such as {@code bfloat16}, or {@code remote} if a server elsewhere decides
 * @param loadedAt since when it is ready
 */
public record ModelInfo(String name, int contextLength, String dtype, Instant loadedAt) {}
