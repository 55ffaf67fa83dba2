package io.github.camelvlm.engine;

import io.github.camelvlm.model.PromptPicture;
import io.github.camelvlm.model.TokenChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Proposes tokens that ride along in the steps of one sequence: what the form of its answer forces, then what followed where
 * its last tokens stood before. Each is chosen by the very choice that would be made without, so that only the number of
 * steps depends on the proposals. Learns from how many were right.
 */
final class Drafter {
    private final boolean isOn;
    private final Set<Integer> endTokens;
    private final Allowance forced = new Allowance(8);
    private final Allowance lookedUp = new Allowance(3);
    private int drafts;
    private int proposed;
    private int accepted;

    /**
     * @param isOn whether it proposes anything
     * @param endTokens the ids that end the turn, which nothing follows
     */
    Drafter(boolean isOn, Set<Integer> endTokens) {
        this.isOn = isOn;
        this.endTokens = endTokens;
    }

    /**
     * How the next tokens are chosen.
     *
     * @param sampler that of the sequence, which stays as it is
     * @param ids prompt and answer; the first {@code length} count
     * @param pictures those of the prompt
     * @param most the most tokens that may ride along
     */
    Draft draft(Sampler sampler, int[] ids, int length, List<PromptPicture> pictures, int most) {
        Ahead ahead = new Ahead(sampler);
        if (!isOn || most <= 0) {
            return ahead.draft(0);
        }
        if (sampler.hasForm() && sampler.forced(1).length > 0) {
            force(ahead, Math.min(most, forced.take()));
        }
        int forcedTokens = ahead.tokens.size();
        if (ahead.goesOn && forcedTokens < most) {
            int[] found = lookUp(ids, length, pictures, ahead.tokens, most - forcedTokens);
            if (found.length > 0) {
                ahead.follow(found, lookedUp.take());
            }
        }
        return ahead.draft(forcedTokens);
    }

    private static void force(Ahead ahead, int limit) {
        int before = -1;
        while (ahead.goesOn && before < ahead.tokens.size() && ahead.tokens.size() < limit) {
            before = ahead.tokens.size();
            int left = limit - before;
            ahead.follow(ahead.sampler.forced(left), left);
        }
    }

    private int[] lookUp(int[] ids, int length, List<PromptPicture> pictures, List<Integer> forced, int most) {
        if (forced.isEmpty()) {
            return PromptLookup.following(ids, length, pictures, most);
        }
        int[] known = Arrays.copyOf(ids, length + forced.size());
        for (int i = 0; i < forced.size(); i++) {
            known[length + i] = forced.get(i);
        }
        return PromptLookup.following(known, known.length, pictures, most);
    }

    /** The answer as it goes on if all that is proposed is right. */
    private final class Ahead {
        private final List<Integer> tokens = new ArrayList<>();
        private final List<TokenChoice> choices = new ArrayList<>();
        private Sampler sampler;
        private boolean goesOn = true;

        Ahead(Sampler sampler) {
            this.sampler = sampler;
            choices.add(sampler.next());
        }

        /** Adds the first of these tokens, as long as they can be right and something can follow them. */
        void follow(int[] proposals, int most) {
            for (int i = 0; goesOn && i < Math.min(most, proposals.length); i++) {
                int id = proposals[i];
                goesOn = !endTokens.contains(id)
                        && choices.get(choices.size() - 1).permits(id);
                if (goesOn) {
                    add(id);
                }
            }
        }

        private void add(int id) {
            if (tokens.isEmpty()) {
                sampler = sampler.copy();
            }
            sampler.accept(id);
            goesOn = !sampler.isComplete() && !sampler.hasNoChoice();
            if (goesOn) {
                tokens.add(id);
                choices.add(sampler.next());
            }
        }

        Draft draft(int forcedTokens) {
            return new Draft(tokens, forcedTokens, choices);
        }
    }

    /** The step has shown how many of a draft's tokens were right, one after another from the first. */
    void told(Draft draft, int right) {
        int all = draft.ids().size();
        drafts += all > 0 ? 1 : 0;
        proposed += all;
        accepted += right;
        if (draft.forced() > 0) {
            forced.told(draft.forced(), Math.min(right, draft.forced()));
        }
        if (all > draft.forced() && right >= draft.forced()) {
            lookedUp.told(all - draft.forced(), right - draft.forced());
        }
    }

    /** The steps so far in which tokens rode along. */
    int drafts() {
        return drafts;
    }

    /** The tokens that rode along so far. */
    int proposed() {
        return proposed;
    }

    /** Those of them that were right. */
    int accepted() {
        return accepted;
    }
}
