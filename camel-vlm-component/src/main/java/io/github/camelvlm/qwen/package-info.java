/**
 * The Qwen-VL models: their configurations, picture sizes, positions, tensor names, and vision towers. Only {@link
 * io.github.camelvlm.model.ModelFamilies} knows of it, by a line in {@code META-INF/services}.
 */
package io.github.camelvlm.qwen;
