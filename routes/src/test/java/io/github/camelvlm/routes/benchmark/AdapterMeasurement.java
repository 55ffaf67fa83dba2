package io.github.camelvlm.routes.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.goldens.GeneratedWeights;
import io.github.camelvlm.qwen.ModelShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;

/** Measures what adapters beside a model cost, in a JVM of its own, and prints a line for each figure. */
final class AdapterMeasurement {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ADAPTERS = 4;
    private static final int RANK = 16;
    private static final int SEQUENCES = 8;
    private static final int ANSWER = 48;
    private static final int ROUNDS = 5;

    private AdapterMeasurement() {}

    /** @param arguments the model, and its directory */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        String adapters = adapters(BenchmarkModel.of(arguments[0]).shape(), directory);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            Answering answering = Answering.in(
                    context,
                    "device=cpu&dtype=bfloat16&speculation=off&contextLength=2048&model=RAW(" + directory
                            + ")&adapters=RAW(" + adapters + ")");
            // What is measured first is measured again, since the first requests find nothing in the processor's
            // caches.
            answering.tokensPerSecondTogether(requests(ADAPTERS));
            Rounds ratios = new Rounds();
            for (int i = 0; i < ROUNDS; i++) {
                double none = answering.tokensPerSecondTogether(requests(0));
                double with = answering.tokensPerSecondTogether(requests(ADAPTERS));
                // A machine that is shared changes from minute to minute.
                double noneAgain = answering.tokensPerSecondTogether(requests(0));
                ratios.add((none + noneAgain) / 2 / with);
            }
            System.out.println(Measurement.MARK
                    + new Figure(
                                    "step, 8 sequences with 4 adapters of rank 16 ÷ with none",
                                    ratios.median(),
                                    "ratio",
                                    "<= 1.25")
                            .format());
        }
    }

    /** Neighbours in the queue have different adapters. */
    private static List<ObjectNode> requests(int adapters) {
        List<ObjectNode> requests = new ArrayList<>();
        for (int i = 0; i < SEQUENCES; i++) {
            ObjectNode request = Answering.request("Go on.", ANSWER);
            if (adapters > 0) {
                request.put("model", name(i % adapters));
            }
            requests.add(request);
        }
        return requests;
    }

    private static String name(int adapter) {
        return "adapter" + adapter;
    }

    /** Adapters of random numbers for all matrices of the decoder, as the option takes them. */
    private static String adapters(ModelShape shape, Path directory) throws IOException {
        List<String> option = new ArrayList<>();
        for (int i = 0; i < ADAPTERS; i++) {
            Path folder = Files.createDirectories(directory.resolveSibling(directory.getFileName() + "-" + name(i)));
            ObjectNode config = JSON.createObjectNode();
            config.put("peft_type", "LORA")
                    .put("r", RANK)
                    .put("lora_alpha", 2 * RANK)
                    .put("target_modules", "all-linear");
            JSON.writeValue(folder.resolve("adapter_config.json").toFile(), config);
            GeneratedWeights.random(folder, shapes(shape));
            Files.move(
                    folder.resolve("model.safetensors"),
                    folder.resolve("adapter_model.safetensors"),
                    StandardCopyOption.REPLACE_EXISTING);
            option.add(name(i) + "=" + folder);
        }
        return String.join(",", option);
    }

    private static Map<String, List<Long>> shapes(ModelShape shape) {
        long hidden = shape.hidden();
        long keys = (long) shape.kvHeads() * ModelShape.HEAD_DIM;
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        for (int i = 0; i < shape.layers(); i++) {
            String layer = "base_model.model.model.layers." + i + ".";
            add(shapes, layer + "self_attn.q_proj", hidden, hidden);
            add(shapes, layer + "self_attn.k_proj", keys, hidden);
            add(shapes, layer + "self_attn.v_proj", keys, hidden);
            add(shapes, layer + "self_attn.o_proj", hidden, hidden);
            add(shapes, layer + "mlp.gate_proj", shape.intermediate(), hidden);
            add(shapes, layer + "mlp.up_proj", shape.intermediate(), hidden);
            add(shapes, layer + "mlp.down_proj", hidden, shape.intermediate());
        }
        return shapes;
    }

    private static void add(Map<String, List<Long>> shapes, String module, long out, long in) {
        shapes.put(module + ".lora_A.weight", List.of((long) RANK, in));
        shapes.put(module + ".lora_B.weight", List.of(out, (long) RANK));
    }
}
