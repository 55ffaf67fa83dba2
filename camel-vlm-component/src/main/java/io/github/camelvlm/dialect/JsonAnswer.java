package io.github.camelvlm.dialect;

import com.fasterxml.jackson.annotation.JsonValue;
import io.github.camelvlm.openai.JsonBody;
import java.util.Map;

/**
 * An answer put together of its fields.
 *
 * @param fields by their names, in order
 */
public record JsonAnswer(@JsonValue Map<String, Object> fields) implements JsonBody {}
