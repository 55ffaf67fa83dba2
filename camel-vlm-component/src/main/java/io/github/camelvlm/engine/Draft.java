package io.github.camelvlm.engine;

import io.github.camelvlm.model.TokenChoice;
import java.util.List;

/**
 * How the tokens of a sequence are chosen in one step: the next one, and those after tokens that are likely to come and ride
 * along.
 *
 * @param ids the tokens that ride along
 * @param forced how many of them, from the first, the form of the answer forces
 * @param choices how the next token is chosen, then for each that rides along how the one after it is, if it is right
 */
record Draft(List<Integer> ids, int forced, List<TokenChoice> choices) {
    /** No token is chosen. */
    static final Draft NONE = new Draft(List.of(), 0, List.of());
}
