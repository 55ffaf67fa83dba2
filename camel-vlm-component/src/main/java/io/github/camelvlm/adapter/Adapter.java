package io.github.camelvlm.adapter;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.model.LowRank;
import io.github.camelvlm.model.StoredWeight;
import io.github.camelvlm.model.Weights;
import io.github.camelvlm.torch.StoredTensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A LoRA adapter that fits a model.
 *
 * @param directory where it lies
 * @param changes what it adds to weights, by their names in the model
 * @param whole the parameters that were trained whole and replace the model's, by their names there
 */
public record Adapter(Path directory, Map<String, LowRank> changes, Map<String, StoredTensor> whole) {
    /** Above it a product costs as much as a large part of the model's own. */
    private static final int MAX_RANK_PER_REQUEST = 256;

    private static final String MERGE = ": merge it into the model instead (mergeAdapter)";

    public Adapter {
        changes = Map.copyOf(changes);
        whole = Map.copyOf(whole);
    }

    /**
     * Reads an adapter. Of its tensors nothing but the header is read.
     *
     * @throws ModelLoadException if a file is missing or broken, the adapter is of a kind that is not served, or it does not
     *     fit the model in every tensor
     */
    public static Adapter read(Path directory, BaseWeights base) {
        return new AdapterReader(directory, base).read();
    }

    /** A model's weights with this adapter in them, after those that were merged before. */
    public Weights mergedInto(Weights weights) {
        Map<String, StoredWeight> stored = new LinkedHashMap<>(weights.stored());
        whole.forEach((name, tensor) -> stored.put(name, new StoredWeight.Plain(tensor)));
        Map<String, List<LowRank>> all = new HashMap<>(weights.changes());
        all.keySet().removeAll(whole.keySet());
        changes.forEach((name, change) -> all.merge(
                name,
                List.of(change),
                (before, own) -> Stream.concat(before.stream(), own.stream()).toList()));
        return new Weights(stored, all);
    }

    /**
     * Refuses what cannot be computed beside the model for some requests and not for others.
     *
     * @throws ModelLoadException if the adapter must be merged; the message says what of it
     */
    public void requireServablePerRequest() {
        whole.values().stream().findFirst().ifPresent(tensor -> {
            throw refusal("has " + tensor.name() + ", which was trained whole and cannot be chosen per request");
        });
        changes.forEach((name, change) -> whyOnlyMerged(name, change).ifPresent(reason -> {
            throw refusal(reason);
        }));
    }

    private static Optional<String> whyOnlyMerged(String name, LowRank change) {
        if (change.magnitudes().isPresent()) {
            return Optional.of("is a DoRA (use_dora), which cannot be chosen per request");
        } else if (name.equals(BaseWeights.HEAD) || change.a().shape().size() != 2) {
            return Optional.of("changes " + change.a().name() + ", which cannot be chosen per request");
        } else if (change.rank() > MAX_RANK_PER_REQUEST) {
            return Optional.of("has the rank " + change.rank() + " in "
                    + change.a().name() + ", but at most " + MAX_RANK_PER_REQUEST + " can be chosen per request");
        }
        return Optional.empty();
    }

    private ModelLoadException refusal(String reason) {
        return new ModelLoadException("The adapter in " + directory + " " + reason + MERGE);
    }
}
