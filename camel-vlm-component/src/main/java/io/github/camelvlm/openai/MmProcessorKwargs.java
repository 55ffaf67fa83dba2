package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * How the pictures of a request are prepared, as vLLM has it.
 *
 * @param minPixels the fewest pixels that the model shall see, or null
 * @param maxPixels the most pixels that the model shall see, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record MmProcessorKwargs(Integer minPixels, Integer maxPixels) {}
