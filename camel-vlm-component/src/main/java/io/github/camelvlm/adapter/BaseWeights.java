package io.github.camelvlm.adapter;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The weights of the model that adapters are for.
 *
 * @param shapes their dimensions by their names, those of the output head included
 * @param tiedHead whether the model has no head of its own, but its embedding serves as one
 * @param published turns the names of newer and other exports into these
 */
public record BaseWeights(Map<String, List<Long>> shapes, boolean tiedHead, UnaryOperator<String> published) {
    /** The output head. */
    public static final String HEAD = "lm_head.weight";

    /** The table of the tokens' embeddings. */
    public static final String EMBEDDING = "model.embed_tokens.weight";

    /** The weights whose rows are looked up, and nothing is multiplied by. */
    static final Set<String> TABLES = Set.of(EMBEDDING, "visual.pos_embed.weight");
}
