package io.github.camelvlm.engine;

import io.github.camelvlm.chat.Comparison;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.ContextLengthException;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Timings;
import io.github.camelvlm.chat.Usage;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.model.CompiledPrompt;
import io.github.camelvlm.model.ModelWords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Compares texts as answers to a prompt by how likely their tokens are, as far as these tell them apart. The prompt is
 * computed once, with the first text; where others part from it later than at their first token, they take the prompt's keys
 * and values over.
 */
final class ChoiceComparison {
    private static final int MAX_TEXTS = 1000;

    private final List<String> texts;
    private final ChoiceTree tree;
    private final List<int[]> paths;

    /** Begins to compute a prompt, and to judge what may follow its tokens. */
    @FunctionalInterface
    interface Start {
        Generation of(CompiledPrompt prompt, Scoring scoring);
    }

    /** @throws InvalidRequestException if there are less than two texts, too many, or one twice or empty */
    ChoiceComparison(List<String> texts, ModelWords words) {
        if (texts.size() < 2 || texts.size() > MAX_TEXTS) {
            throw new InvalidRequestException(
                    "choices", "must be 2 to " + MAX_TEXTS + " texts to be compared, but are " + texts.size());
        }
        if (texts.stream().anyMatch(String::isEmpty)) {
            throw new InvalidRequestException("choices", "must not hold an empty text");
        }
        this.texts = texts;
        tree = new ChoiceTree(
                texts.stream().map(words.tokenizer()::encodeText).toList(),
                words.defaults().endTokens());
        paths = tree.paths();
    }

    /** The sequences that it takes. */
    int sequences() {
        return paths.size();
    }

    /** @throws InvalidRequestException if it takes more sequences than there can ever be at once */
    void requireAtMost(int places) {
        if (sequences() > places) {
            throw new InvalidRequestException(
                    "choices",
                    "begin alike so often that it takes " + sequences() + " requests to compare them, but at most "
                            + places + " run and wait here: offer fewer, or raise queueLength");
        }
    }

    /**
     * Compares them.
     *
     * @throws ContextLengthException if they do not fit into the context behind the prompt
     * @throws VlmException if it is given up, its time is over, or the model fails
     */
    Comparison run(CompiledPrompt prompt, int contextLength, Start start) throws InterruptedException {
        int longest = paths.stream().mapToInt(path -> path.length).max().orElseThrow();
        if (prompt.ids().length + longest >= contextLength) {
            throw new ContextLengthException("are too long: the prompt has " + prompt.ids().length
                    + " tokens, the choices up to " + longest + " more, and the context holds " + contextLength);
        }
        List<Generation> generations = new ArrayList<>();
        List<Completion> completions = new ArrayList<>();
        try {
            generations.add(start(0, prompt, start));
            completions.add(generations.get(0).await());
            for (int i = 1; i < paths.size(); i++) {
                generations.add(start(i, prompt, start));
            }
            for (Generation generation : generations.subList(1, generations.size())) {
                completions.add(generation.await());
            }
        } finally {
            generations.forEach(Generation::cancel);
        }
        return comparison(prompt, completions);
    }

    private Generation start(int path, CompiledPrompt prompt, Start start) {
        int[] tokens = paths.get(path);
        return start.of(prompt.followedBy(tokens), new Scoring(prompt.ids().length - 1, tree.targets(tokens), 0));
    }

    private Comparison comparison(CompiledPrompt prompt, List<Completion> completions) {
        List<double[]> logprobs = new ArrayList<>();
        for (Completion completion : completions) {
            requireWhole(completion);
            logprobs.add(completion.promptLogprobs().stream()
                    .mapToDouble(scored -> scored.token().logprob())
                    .toArray());
        }
        List<Double> probabilities = tree.probabilities(logprobs);
        if (probabilities.stream().anyMatch(probability -> probability.isNaN())) {
            NotFiniteException notFinite = new NotFiniteException();
            throw new VlmException("The model failed on this request: " + notFinite.getMessage(), notFinite);
        }
        int best = IntStream.range(0, texts.size())
                .reduce((one, other) -> probabilities.get(other) > probabilities.get(one) ? other : one)
                .orElseThrow();
        Completion first = completions.get(0);
        Duration total = completions.stream()
                .map(each -> each.timings().total())
                .reduce(Duration.ZERO, ChoiceComparison::longer);
        return new Comparison(
                probabilities,
                new Completion(
                        first.model(),
                        texts.get(best),
                        List.of(),
                        List.of(),
                        List.of(),
                        FinishReason.STOP,
                        new Usage(
                                prompt.ids().length,
                                tree.length(best),
                                Math.min(first.usage().cachedTokens(), prompt.ids().length)),
                        new Timings(first.timings().firstToken(), List.of(), total),
                        first.pictures()));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static void requireWhole(Completion completion) {
        if (completion.finishReason() == FinishReason.CANCELLED
                || completion.finishReason() == FinishReason.TIME_LIMIT) {
            throw new VlmException(
                    "The choices were not compared: "
                            + (completion.finishReason() == FinishReason.CANCELLED
                                    ? "its request was cancelled"
                                    : "the time limit was reached before"),
                    null);
        }
    }
}
