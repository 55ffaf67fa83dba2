package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * The answer of vLLM's {@code POST /tokenize}.
 *
 * @param count the number of tokens
 * @param maxModelLen the most tokens of prompt and answer together
 * @param tokens their ids
 * @param tokenStrs the tokens as the vocabulary writes them, or null if they were not asked for
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record TokenizeResponse(int count, int maxModelLen, List<Integer> tokens, List<String> tokenStrs)
        implements JsonBody {}
