package io.github.camelvlm.responses;

import com.fasterxml.jackson.annotation.JsonValue;
import io.github.camelvlm.openai.JsonBody;

/**
 * An answer whose fields depend on what was asked.
 *
 * @param value maps, lists and what else JSON can say
 */
record ResponseJson(@JsonValue Object value) implements JsonBody {}
