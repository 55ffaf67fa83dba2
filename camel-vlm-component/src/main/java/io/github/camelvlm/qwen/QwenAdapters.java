package io.github.camelvlm.qwen;

import io.github.camelvlm.adapter.Adapter;
import io.github.camelvlm.adapter.BaseWeights;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.model.AdapterDirectories;
import io.github.camelvlm.model.LowRank;
import io.github.camelvlm.model.ModelAdapter;
import io.github.camelvlm.model.WeightPlacer;
import io.github.camelvlm.model.Weights;
import io.github.camelvlm.torch.Dtype;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The adapters of a model.
 *
 * @param base the shapes of the model's weights
 * @param merged those that become a part of it, in order
 * @param beside those that requests choose, by their names
 */
record QwenAdapters(BaseWeights base, List<Adapter> merged, Map<String, Adapter> beside) {
    private static final Logger LOG = LoggerFactory.getLogger(QwenAdapters.class);
    private static final String WEIGHT = ".weight";
    private static final String VISION = "visual.";

    /** The ends of the names of those weights that the program changes together. */
    private static final List<String> TOGETHER = List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");

    /**
     * Reads adapters.
     *
     * @throws ModelLoadException if a file is missing or broken, or an adapter does not fit the model or the way in which it
     *     is to be used
     */
    static QwenAdapters read(AdapterDirectories directories, QwenConfig config) {
        BaseWeights base = QwenWeights.base(config);
        List<Adapter> merged = directories.merged().stream()
                .map(directory -> Adapter.read(directory, base))
                .toList();
        Map<String, Adapter> beside = new LinkedHashMap<>();
        directories.beside().forEach((name, directory) -> {
            Adapter adapter = Adapter.read(directory, base);
            adapter.requireServablePerRequest();
            beside.put(name, adapter);
        });
        return new QwenAdapters(base, merged, beside);
    }

    /** The model's weights with those in them that become a part of it, which the model computes in this type. */
    Weights mergedInto(Weights weights, Dtype dtype) {
        Weights all = weights;
        for (Adapter adapter : merged) {
            all = adapter.mergedInto(all);
            long numbers = adapter.changes().keySet().stream()
                    .mapToLong(name -> elements(base.shapes().get(name)))
                    .sum();
            LOG.info(
                    "The adapter in {} is merged into {} matrices, which take {} MB of their own as {}, and replaces {}"
                            + " parameters",
                    adapter.directory(),
                    adapter.changes().size(),
                    numbers * dtype.bytes() / 1_000_000,
                    dtype.torchName(),
                    adapter.whole().size());
        }
        return all;
    }

    private static long elements(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** Places the others beside the model. */
    Map<String, ModelAdapter> placeBeside(WeightPlacer placer) throws IOException {
        Map<String, ModelAdapter> placed = new LinkedHashMap<>();
        for (Map.Entry<String, Adapter> named : beside.entrySet()) {
            long key = placed.size() + 1L;
            Map<String, LowRank> changes = named.getValue().changes();
            for (Map.Entry<String, LowRank> change : changes.entrySet()) {
                String module = change.getKey().substring(0, change.getKey().length() - WEIGHT.length());
                place(placer, key, module, change.getValue());
            }
            LOG.info(
                    "Adapter {} stands beside the model: it changes {} matrices by ranks up to {}",
                    named.getKey(),
                    changes.size(),
                    changes.values().stream().mapToInt(LowRank::rank).max().orElse(0));
            placed.put(
                    named.getKey(),
                    new ModelAdapter(
                            key,
                            changes.keySet().stream().anyMatch(name -> !name.startsWith(VISION)),
                            changes.keySet().stream().anyMatch(name -> name.startsWith(VISION))));
        }
        return Collections.unmodifiableMap(placed);
    }

    private void place(WeightPlacer placer, long key, String module, LowRank change) throws IOException {
        List<String> all = together(module);
        long first = 0;
        long rows = 0;
        for (String each : all) {
            first = each.equals(module) ? rows : first;
            rows += base.shapes().get(each + WEIGHT).get(0);
        }
        placer.placeBeside(key, all.get(0), change, first, rows);
    }

    /** The modules that are changed together with one. */
    private static List<String> together(String module) {
        for (String end : TOGETHER) {
            if (module.endsWith("." + end)) {
                String place = module.substring(0, module.length() - end.length());
                return TOGETHER.stream().map(each -> place + each).toList();
            }
        }
        return List.of(module);
    }
}
