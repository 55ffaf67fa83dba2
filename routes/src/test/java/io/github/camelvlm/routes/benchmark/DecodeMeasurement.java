package io.github.camelvlm.routes.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.qwen.ModelShape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;

/** Measures decoding with the component's own kernels and with libtorch's, by turns, in a JVM of its own. */
final class DecodeMeasurement {
    private static final int ROUNDS = 5;
    private static final int MOST_ROUNDS = 10;

    /** A machine whose memory another one uses too changes from second to second; a round in which it did tells nothing. */
    private static final double ALIKE = 1.1;

    private static final int CONTEXT = 512;
    private static final int ANSWER = 32;

    /** A scale in bfloat16 and a zero in a byte for 32 weights of four bits. */
    private static final Map<String, Double> BYTES_PER_WEIGHT =
            Map.of("none", 2.0, "int8", 1.0, "int4", 0.5 + 3.0 / 32);

    private static final Map<String, String> READ_BARS =
            Map.of("none", ">= 0.92", "int8", ">= 0.88", "int4", ">= 0.80");

    private DecodeMeasurement() {}

    /** @param arguments the quantization, the model, its directory */
    public static void main(String[] arguments) throws Exception {
        String quantization = arguments[0];
        ModelShape shape = BenchmarkModel.of(arguments[1]).shape();
        String uri = "device=cpu&dtype=bfloat16&speculation=off&contextLength=1024&maxSequences=16&quantization="
                + quantization + "&model=RAW(" + Path.of(arguments[2]) + ")";
        try (DefaultCamelContext ours = new DefaultCamelContext();
                DefaultCamelContext theirs = new DefaultCamelContext();
                MachineLimits limits = new MachineLimits()) {
            ours.start();
            theirs.start();
            Answering own = Answering.in(ours, uri + "&packWeights=false");
            Answering libtorch = Answering.in(theirs, uri + "&nativeKernels=false");
            Map<Integer, Rounds> rates = new LinkedHashMap<>();
            Map<Integer, Rounds> ratios = new LinkedHashMap<>();
            Rounds read = new Rounds();
            Rounds possible = new Rounds();
            double weights = shape.layerWeights() + shape.headWeights();
            double bytes = weights * BYTES_PER_WEIGHT.get(quantization);
            for (int sequences : new int[] {1, 8, 16}) {
                int counted = 0;
                for (int i = 0; i < MOST_ROUNDS && counted < ROUNDS; i++) {
                    double before = limits.reading();
                    double rate = own.tokensPerSecondTogether(requests(sequences));
                    double after = limits.reading();
                    double other = libtorch.tokensPerSecondTogether(requests(sequences));
                    boolean isLast = i + ROUNDS - counted == MOST_ROUNDS;
                    if (!isLast && Math.max(before, after) > ALIKE * Math.min(before, after)) {
                        continue;
                    }
                    counted++;
                    rates.computeIfAbsent(sequences, key -> new Rounds()).add(rate);
                    ratios.computeIfAbsent(sequences, key -> new Rounds()).add(rate / other);
                    double reading = (before + after) / 2;
                    if (sequences == 1) {
                        read.add(bytes * rate / reading);
                    } else if (sequences == 16) {
                        // An instruction multiplies twice as many integers of 8 bits as numbers in bfloat16.
                        double computing = limits.computing() * (quantization.equals("none") ? 1 : 2);
                        double step = Math.max(bytes / reading, 2 * sequences * weights / computing);
                        possible.add(rate / sequences * step);
                    }
                }
            }
            String form = quantization.equals("none") ? "bfloat16" : quantization;
            figure(
                    "own kernels: weight bytes per token × tokens/s ÷ what can be read, " + form,
                    read.median(),
                    "ratio",
                    READ_BARS.get(quantization));
            figure(
                    "own kernels: 16 sequences ÷ what products or memory allow, whichever is less, " + form,
                    possible.median(),
                    "ratio",
                    ">= 0.75");
            if (quantization.equals("none")) {
                try (AttentionMeasurement attention = new AttentionMeasurement(shape, 16)) {
                    figure(
                            "own kernels: one-token attention, 16 sequences of context 512: share of a step, " + form,
                            attention.secondsOfStep(CONTEXT) * rates.get(16).median() / 16,
                            "ratio",
                            "<= 0.08");
                }
            }
            rates.forEach((sequences, rate) -> figure(
                    "own kernels: sequences: " + sequences + ", context 512, " + form, rate.median(), "tokens/s", ""));
            ratios.forEach((sequences, ratio) -> figure(
                    "own kernels ÷ libtorch's, sequences: " + sequences + ", " + form,
                    ratio.median(),
                    "ratio",
                    sequences == 1 ? "" : sequences == 8 ? ">= 1.15" : ">= 1.25"));
        }
    }

    private static void figure(String name, double value, String unit, String bar) {
        Measurement.print(new Figure(name, value, unit, bar));
    }

    private static List<ObjectNode> requests(int count) {
        String text = String.join(" ", Collections.nCopies((CONTEXT - ANSWER / 2 - 20) / 2, "a"));
        List<ObjectNode> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(Answering.request(text, ANSWER));
        }
        return requests;
    }
}
