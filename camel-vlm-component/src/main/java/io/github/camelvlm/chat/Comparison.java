package io.github.camelvlm.chat;

import java.util.List;

/**
 * How several texts stand to one another as answers to a request.
 *
 * @param probabilities of each text, in order; together 1
 * @param answer the likeliest of them as an answer, with what the comparison cost
 */
public record Comparison(List<Double> probabilities, Completion answer) {
    public Comparison {
        probabilities = List.copyOf(probabilities);
    }
}
