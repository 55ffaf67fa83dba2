package io.github.camelvlm.engine;

import io.github.camelvlm.chat.BufferedGeneration;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.constraint.Constraint;
import io.github.camelvlm.model.CompiledPrompt;
import io.github.camelvlm.model.TokenChoice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A prompt and the tokens chosen after it. Prefill in chunks and decoding are told by two counters: the tokens that the
 * KV cache holds, and those that the step at hand computes.
 */
final class Sequence {

    /** Where a sequence stands. */
    enum Status {
        WAITING,
        RUNNING,
        FINISHED
    }

    private final CompiledPrompt prompt;
    private final int maxTokens;
    private final Set<Integer> endTokens;
    private final Sampler sampler;
    private final Drafter drafter;
    private final Scoring scoring;
    private final RepetitionDetector repetition;
    private final int topLogprobs;
    private final Answer answer;
    private final BufferedGeneration reader;
    private final Long deadline;

    private Status status = Status.WAITING;
    private KvCache.Slot slot;
    private int[] ids;
    private int length;
    private FinishReason finishReason;
    private int reused;
    private int knownPictures;
    private int cached;
    private int scheduled;
    private Draft draft = Draft.NONE;

    /**
     * One of whose prompt nothing is to be told.
     *
     * @param maxTokens the most tokens to choose; together with the prompt within the context
     * @param endTokens the ids that end the turn
     * @param drafter proposes tokens that ride along in its steps
     * @param topLogprobs the alternatives to report per token; −1 for no log-probabilities
     * @param deadline when its time is over, by {@link System#nanoTime}; null for never
     */
    Sequence(
            CompiledPrompt prompt,
            int maxTokens,
            Set<Integer> endTokens,
            Sampler sampler,
            Drafter drafter,
            int topLogprobs,
            Answer answer,
            BufferedGeneration reader,
            Long deadline) {
        this(
                prompt,
                maxTokens,
                endTokens,
                sampler,
                drafter,
                Scoring.NONE,
                new RepetitionDetector(null, null, null),
                topLogprobs,
                answer,
                reader,
                deadline);
    }

    /**
     * @param scoring which tokens are judged by how likely they follow one of the prompt
     * @param repetition notices where it says the same again and again, which ends it
     */
    Sequence(
            CompiledPrompt prompt,
            int maxTokens,
            Set<Integer> endTokens,
            Sampler sampler,
            Drafter drafter,
            Scoring scoring,
            RepetitionDetector repetition,
            int topLogprobs,
            Answer answer,
            BufferedGeneration reader,
            Long deadline) {
        this.scoring = scoring;
        this.repetition = repetition;
        this.prompt = prompt;
        this.maxTokens = maxTokens;
        this.endTokens = endTokens;
        this.sampler = sampler;
        this.drafter = drafter;
        this.topLogprobs = topLogprobs;
        this.answer = answer;
        this.reader = reader;
        this.deadline = deadline;
        this.length = prompt.ids().length;
        this.ids = Arrays.copyOf(prompt.ids(), length + 64);
    }

    CompiledPrompt prompt() {
        return prompt;
    }

    /** The key of the adapter that changes the decoder for it. */
    long adapter() {
        return prompt.adapter();
    }

    /** How the step at hand chooses its tokens, as {@link #foresee} has settled it. */
    List<TokenChoice> choices() {
        return draft.choices();
    }

    /** The tokens that ride along in the step at hand, the last of those that it computes. */
    int riders() {
        return draft.ids().size();
    }

    /** What has proposed tokens that ride along, and knows how many were right. */
    Drafter drafter() {
        return drafter;
    }

    /** The form of its answer as it stands, which goes on by itself; empty if it may have any. */
    Optional<Constraint> form() {
        return sampler.form();
    }

    int topLogprobs() {
        return topLogprobs;
    }

    /** The alternatives to report per token that is {@link #scored}. */
    int scoredTop() {
        return scoring.top();
    }

    /** The first token of the prompt that has to be computed, since it is wanted what follows it. */
    int firstWanted() {
        return Math.min(scoring.first(), prompt.ids().length - 1);
    }

    /**
     * A token that may follow one of the prompt.
     *
     * @param index that of the token that it may follow
     */
    record Follower(int index, int id) {}

    /** The tokens whose log-probabilities the step at hand tells: those that may follow one it computes. */
    List<Follower> scored() {
        if (scoring == Scoring.NONE) {
            return List.of();
        }
        List<Follower> followers = new ArrayList<>();
        for (int i = cached; i < cached + scheduled; i++) {
            for (int id : scoring.targets(i)) {
                followers.add(new Follower(i, id));
            }
        }
        return followers;
    }

    Status status() {
        return status;
    }

    KvCache.Slot slot() {
        return slot;
    }

    /** The most tokens it can come to hold in the cache: the last one chosen is never fed back. */
    int tokensNeeded() {
        return prompt.ids().length + maxTokens - 1;
    }

    /** Why it ended; null while it has not, or if it failed. */
    FinishReason finishReason() {
        return finishReason;
    }

    /** The tokens of the prompt that were taken over from elsewhere. */
    int reused() {
        return reused;
    }

    /** The pictures of the prompt that did not have to be encoded. */
    int knownPictures() {
        return knownPictures;
    }

    /** The tokens chosen so far. */
    int generated() {
        return length - prompt.ids().length;
    }

    /** The id at an index, of the prompt, of the answer or of what rides along. */
    int id(int index) {
        return ids[index];
    }

    /** The tokens that the cache holds. */
    int cached() {
        return cached;
    }

    /** The tokens that the step at hand computes. */
    int scheduled() {
        return scheduled;
    }

    /** The tokens not yet in the cache: one when decoding, more while the prompt is prefilled. */
    int pending() {
        return length - cached;
    }

    /** Whether the step at hand chooses its next token. */
    boolean choosesToken() {
        return cached + scheduled >= length;
    }

    /**
     * @param shared the first tokens of the prompt, whose keys and values come from elsewhere
     * @param known the pictures that need not be encoded
     */
    void start(KvCache.Slot granted, int shared, int known) {
        knownPictures = known;
        slot = granted;
        reused = shared;
        cached = shared;
        status = Status.RUNNING;
    }

    void schedule(int tokens) {
        scheduled = tokens;
        draft = Draft.NONE;
    }

    /**
     * Settles how the step at hand chooses tokens, and which ride along in it.
     *
     * @param most the most tokens that may ride along
     */
    void foresee(int most) {
        if (choosesToken()) {
            // The last token of an answer is never fed back, so that none is to be proposed for it.
            int left = Math.min(most, maxTokens - generated() - 1);
            draft = drafter.draft(sampler, ids, length, prompt.pictures(), left);
            ids = ids.length < length + riders() ? Arrays.copyOf(ids, 2 * length + riders()) : ids;
            for (int i = 0; i < riders(); i++) {
                ids[length + i] = draft.ids().get(i);
            }
            scheduled += riders();
        }
    }

    /** Whether the step at hand computes something of it. */
    boolean isScheduled() {
        return status == Status.RUNNING && scheduled > 0;
    }

    /** What it was to take over from elsewhere is not there after all; the step at hand computes nothing of it. */
    void takeOverNothing() {
        reused = 0;
        cached = 0;
        scheduled = 0;
    }

    /** The step has told the log-probabilities of the tokens of the prompt that are {@link #scored}. */
    void score(List<ScoredToken> tokens) {
        answer.score(tokens);
    }

    /** The step computed the scheduled tokens, which did not reach the prompt's end. */
    void advance() {
        cached += scheduled;
        scheduled = 0;
    }

    /**
     * The step computed the scheduled tokens and chose the next one, and one after each token that rode along: those count up to
     * the first that rode along in vain.
     *
     * @param tokens as many as there are {@link #choices}; the first one is chosen
     */
    void advance(List<SampledToken> tokens) {
        List<Integer> riders = draft.ids();
        cached += scheduled - riders.size();
        scheduled = 0;
        int right = 0;
        if (generated() == 0) {
            answer.begin(reused);
        }
        FinishReason reason = append(tokens.get(0));
        while (right < riders.size() && tokens.get(right).id() == riders.get(right)) {
            right++;
            if (reason != null || sampler.hasNoChoice() || !tokens.get(right).isChosen()) {
                break;
            }
            // The step has computed what rode along, too.
            cached++;
            reason = append(tokens.get(right));
        }
        drafter.told(draft, right);
        draft = Draft.NONE;
        if (reason != null) {
            finish(reason);
        }
    }

    /** Takes a token that was chosen, and returns why it is the last one; null if it is not. */
    private FinishReason append(SampledToken token) {
        sampler.accept(token.id());
        boolean stopped = answer.append(token) || endTokens.contains(token.id());
        if (length == ids.length) {
            ids = Arrays.copyOf(ids, 2 * length);
        }
        ids[length++] = token.id();
        if (stopped || sampler.isComplete()) {
            return FinishReason.STOP;
        }
        if (generated() == maxTokens) {
            return FinishReason.LENGTH;
        }
        return repetition.isFound(ids, prompt.ids().length, length) ? FinishReason.REPETITION : null;
    }

    /** Ends it if its reader cancelled it, its time is over, or no token may follow. */
    void finishIfAsked(long now) {
        if (reader.isCancelled()) {
            finish(FinishReason.CANCELLED);
        } else if (deadline != null && now - deadline >= 0) {
            finish(FinishReason.TIME_LIMIT);
        } else if (sampler.isComplete()) {
            finish(FinishReason.STOP);
        } else if (sampler.hasNoChoice()) {
            fail(sampler.noChoice());
        }
    }

    private void finish(FinishReason reason) {
        finishReason = answer.finish(reason, reused, drafter.proposed(), drafter.accepted());
        status = Status.FINISHED;
    }

    /** Ends it with an error, unless it has ended. What the cache holds of it is not to be trusted then. */
    void fail(VlmException cause) {
        if (status != Status.FINISHED) {
            status = Status.FINISHED;
            cached = 0;
            reader.fail(cause);
        }
    }
}
