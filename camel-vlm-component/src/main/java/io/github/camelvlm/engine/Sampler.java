package io.github.camelvlm.engine;

import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.constraint.Constraint;
import io.github.camelvlm.model.TokenChoice;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the tokens of one sequence are chosen: its settings, the random numbers that its seed gives, and which tokens its
 * penalties concern.
 */
final class Sampler {
    private final double temperature;
    private final int topK;
    private final double topP;
    private final double minP;
    private final double repetitionPenalty;
    private final double presencePenalty;
    private final double frequencyPenalty;
    private final Map<Integer, Double> logitBias;
    private final PermittedTokens permitted;
    private final Draws draws;
    private final BitSet seen;
    private final Map<Integer, Integer> generated;
    private int count;

    /**
     * @param options settings; what they leave open is neutral
     * @param prompt the prompt's ids, which the repetition penalty counts as seen
     * @param permitted which tokens may be chosen at all
     */
    Sampler(SamplingOptions options, int[] prompt, PermittedTokens permitted) {
        this.permitted = permitted;
        topK = options.topK() == null ? 0 : options.topK();
        topP = or(options.topP(), 1.0);
        temperature = topP == 0 ? 0 : or(options.temperature(), 1.0);
        minP = or(options.minP(), 0.0);
        repetitionPenalty = or(options.repetitionPenalty(), 1.0);
        presencePenalty = or(options.presencePenalty(), 0.0);
        frequencyPenalty = or(options.frequencyPenalty(), 0.0);
        logitBias = options.logitBias() == null ? Map.of() : options.logitBias();
        draws = new Draws(options.seed());
        seen = new BitSet();
        generated = new HashMap<>();
        for (int id : prompt) {
            seen.set(id);
        }
    }

    private Sampler(Sampler other) {
        permitted = other.permitted.copy();
        topK = other.topK;
        topP = other.topP;
        temperature = other.temperature;
        minP = other.minP;
        repetitionPenalty = other.repetitionPenalty;
        presencePenalty = other.presencePenalty;
        frequencyPenalty = other.frequencyPenalty;
        logitBias = other.logitBias;
        draws = other.draws;
        seen = (BitSet) other.seen.clone();
        generated = new HashMap<>(other.generated);
        count = other.count;
    }

    /** The same, which goes on by itself, with the same random numbers. */
    Sampler copy() {
        return new Sampler(this);
    }

    private static double or(Double value, double otherwise) {
        return value == null ? otherwise : value;
    }

    /** How the next token is chosen; the same until a token is accepted, so that a step can be run again. */
    TokenChoice next() {
        return new TokenChoice(
                temperature,
                topK,
                topP,
                minP,
                draws.at(count),
                repeated(),
                repetitionPenalty,
                biases(),
                permitted.allowed(),
                permitted.mask());
    }

    /** The ids that the repetition penalty applies to. */
    private long[] repeated() {
        return repetitionPenalty == 1.0
                ? new long[0]
                : seen.stream().asLongStream().toArray();
    }

    /** What is added to logits, by id: biases less presence and frequency penalties; −∞ for what is forbidden. */
    private Map<Integer, Double> biases() {
        Set<Integer> forbidden = permitted.forbidden();
        boolean penalizes = presencePenalty != 0 || frequencyPenalty != 0;
        if (!penalizes && forbidden.isEmpty()) {
            return logitBias;
        }
        Map<Integer, Double> biases = new HashMap<>(logitBias);
        if (penalizes) {
            generated.forEach(
                    (id, count) -> biases.merge(id, -presencePenalty - frequencyPenalty * count, Double::sum));
        }
        forbidden.forEach(id -> biases.put(id, Double.NEGATIVE_INFINITY));
        return biases;
    }

    /** Whether there is no token left to choose. */
    boolean hasNoChoice() {
        return permitted.areNone();
    }

    /** Why there is none. */
    VlmException noChoice() {
        return permitted.noChoice();
    }

    /** Whether the answer has a form. */
    boolean hasForm() {
        return permitted.haveForm();
    }

    /** Whether the form of the answer leaves nothing to say. */
    boolean isComplete() {
        return permitted.areAtTheEnd();
    }

    /** The tokens that the form of the answer leaves no other choice than; at most so many. */
    int[] forced(int most) {
        return permitted.forced(most);
    }

    /** The form of the answer as it stands, which goes on by itself. */
    Optional<Constraint> form() {
        return permitted.form();
    }

    /** A token was chosen. */
    void accept(int id) {
        seen.set(id);
        generated.merge(id, 1, Integer::sum);
        permitted.accept(id);
        count++;
    }
}
