package io.github.camelvlm.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.grammar.Expression;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A schema, and where it stands.
 *
 * @param node an object or a boolean
 * @param path how refusals name it
 */
record Place(JsonNode node, String path) {

    boolean has(String keyword) {
        return node.has(keyword);
    }

    JsonNode get(String keyword) {
        return node.get(keyword);
    }

    /** The schema that a keyword says. */
    Place at(String keyword) {
        return new Place(node.get(keyword), path + "." + keyword);
    }

    /** The schemas that a keyword lists; none if it is not there. */
    List<Place> list(String keyword) {
        List<Place> places = new ArrayList<>();
        for (JsonNode one : node.path(keyword)) {
            places.add(new Place(one, path + "." + keyword + "[" + places.size() + "]"));
        }
        return places;
    }

    /** The schemas that a keyword names, in order; none if it is not there. */
    Map<String, Place> map(String keyword) {
        Map<String, Place> places = new LinkedHashMap<>();
        node.path(keyword)
                .properties()
                .forEach(field -> places.put(
                        field.getKey(), new Place(field.getValue(), path + "." + keyword + "." + field.getKey())));
        return places;
    }

    /** A whole number that a keyword says, or what counts where it is not there. */
    int count(String keyword, int otherwise) {
        return has(keyword)
                ? get(keyword)
                        .decimalValue()
                        .min(BigDecimal.valueOf(Integer.MAX_VALUE))
                        .intValueExact()
                : otherwise;
    }

    /** The same of one of which so many are no bound. */
    int most(String keyword) {
        int most = count(keyword, Expression.UNBOUNDED);
        return most > Expression.MOST_REPETITIONS ? Expression.UNBOUNDED : most;
    }

    InvalidRequestException broken(String keyword, String problem) {
        return new InvalidRequestException(path + "." + keyword, problem);
    }

    InvalidRequestException unsupported(String keyword, String hint) {
        return new InvalidRequestException(
                path + "." + keyword, "is not supported" + (hint.isEmpty() ? "" : ": " + hint), "unsupported_value");
    }
}
