package io.github.camelvlm.routes.benchmark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.qwen.ModelShape;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;

/** Measures one way of holding a model's weights, in a JVM of its own, and prints a line for each figure. */
final class Measurement {
    /** What lines with figures begin with; what libraries print does not. */
    static final String MARK = "FIGURE ";

    private static final int ROUNDS = 3;
    private static final long CACHE_BYTES = 2_000_000_000;
    private static final int CONTEXT = 512;
    private static final int ANSWER = 48;
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;
    /** 640 × 480 becomes 644 × 476, a grid of 34 × 46 patches of 14 pixels; a token for each four. */
    private static final int PATCHES = 34 * 46;

    private static final Map<String, Double> BYTES_PER_WEIGHT = Map.of(
            "plain",
            2.0,
            "packed",
            2.0,
            "int8",
            1.0, // four bits, and a bfloat16 number and a byte for each 32 weights
            "int4",
            0.5 + 3.0 / 32);

    private final String weights;
    private final ModelShape shape;
    private final RandomPictures pictures = new RandomPictures();
    private final Answering answering;
    private final MeterRegistry meters;
    private MachineLimits limits;

    private Measurement(String weights, ModelShape shape, Answering answering, MeterRegistry meters) {
        this.weights = weights;
        this.shape = shape;
        this.answering = answering;
        this.meters = meters;
    }

    /** @param arguments the way of holding the weights (plain, packed, int8 or int4), the model, its directory */
    public static void main(String[] arguments) throws Exception {
        String weights = arguments[0];
        ModelShape shape = BenchmarkModel.of(arguments[1]).shape();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            MeterRegistry meters = new SimpleMeterRegistry();
            context.getRegistry().bind("meters", meters);
            context.start();
            Answering answering = Answering.in(context, uri(weights, arguments[2]));
            print(new Figure(
                    "start, " + weights + " weights", sinceJvmStart(), "s", weights.equals("plain") ? "<= 4" : ""));
            Measurement measurement = new Measurement(weights, shape, answering, meters);
            if (!weights.equals("plain")) {
                measurement.run(Files.size(Path.of(arguments[2], "model.safetensors")));
            }
        }
    }

    private static String uri(String weights, String directory) {
        String form =
                switch (weights) {
                    case "plain" -> "packWeights=false&nativeKernels=false";
                    case "packed" -> "packWeights=true&nativeKernels=false";
                    default -> "quantization=" + weights;
                };
        // Repetitions such as are measured here would take far fewer steps than tokens.
        return "device=cpu&dtype=bfloat16&speculation=off&contextLength=8192&maxSequences=16&kvCacheBytes="
                + CACHE_BYTES + "&model=RAW(" + directory + ")&" + form;
    }

    static double sinceJvmStart() {
        return (System.currentTimeMillis()
                        - ManagementFactory.getRuntimeMXBean().getStartTime())
                / 1e3;
    }

    static void print(Figure figure) {
        System.out.println(MARK + figure.format());
    }

    private void figure(String name, double value, String unit, String bar) {
        print(new Figure(name + ", " + weights, value, unit, bar));
    }

    private void run(long weightBytes) throws Exception {
        try (MachineLimits opened = new MachineLimits()) {
            limits = opened;
            decoding();
            picture();
        }
        if (weights.equals("packed")) {
            secondTurn();
            gap();
            costs();
        }
        double held = weights.equals("packed") ? weightBytes : heldBytes();
        double keysAndValues = meters.get("vlm.kv.cache.usage.perc").gauge().value() * CACHE_BYTES;
        figure("weights", held / 1e9, "GB", "");
        figure("keys and values in use", keysAndValues / 1e9, "GB", "");
        figure("resident memory", residentBytes() / 1e9, "GB", "");
        figure(
                "resident memory less 700 MB ÷ weights, keys and values",
                (residentBytes() - 700e6) / (held + keysAndValues),
                "ratio",
                "<= 1.15");
        figure("memory that can be read", limits.bytesPerSecond() / 1e9, "GB/s", "");
        figure("bfloat16 products", limits.flopsPerSecond() / 1e9, "GFLOP/s", "");
    }

    /** The matrices in the form they are held in; the embeddings stay in their file but for the rows in use. */
    private double heldBytes() {
        double vision = shape.visionFlops(1) / 2;
        double matrices = shape.layerWeights() + shape.headWeights();
        return matrices * BYTES_PER_WEIGHT.get(weights) + vision;
    }

    static long residentBytes() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(each -> each.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
    }

    private void decoding() throws Exception {
        double bytes = (shape.layerWeights() + shape.headWeights()) * BYTES_PER_WEIGHT.get(weights);
        Rounds one = new Rounds();
        Rounds read = new Rounds();
        Rounds eight = new Rounds();
        Rounds sixteen = new Rounds();
        String text = text(CONTEXT - ANSWER / 2);
        for (int i = 0; i < ROUNDS; i++) {
            double before = limits.reading();
            double alone = answering.ask(Answering.request(text, ANSWER)).tokensPerSecond();
            read.add(bytes * alone / Math.max(before, limits.reading()));
            one.add(alone);
            eight.add(answering.tokensPerSecondTogether(requests(8, text)) / alone);
            sixteen.add(answering.tokensPerSecondTogether(requests(16, text)) / alone);
        }
        String bar =
                switch (weights) {
                    case "packed" -> ">= 0.80";
                    case "int8" -> ">= 0.65";
                    default -> ">= 0.50";
                };
        figure("decoding, one sequence, context 512", one.median(), "tokens/s", "");
        figure("decoding: weight bytes per token × tokens/s ÷ what can be read", read.median(), "ratio", bar);
        boolean packed = weights.equals("packed");
        figure("decoding, 8 sequences ÷ one", eight.median(), "ratio", packed ? ">= 6.5" : "");
        figure("decoding, 16 sequences ÷ one", sixteen.median(), "ratio", packed ? ">= 11" : "");
    }

    private static List<ObjectNode> requests(int count, String text) {
        List<ObjectNode> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(Answering.request(text, ANSWER));
        }
        return requests;
    }

    /** A prompt of about so many tokens; the template around it takes some twenty. */
    private static String text(int tokens) {
        return String.join(" ", Collections.nCopies((tokens - 20) / 2, "a"));
    }

    private void picture() {
        double flops = shape.visionFlops(PATCHES) + shape.prefillFlops(PATCHES / 4 + 30);
        Rounds first = new Rounds();
        Rounds products = new Rounds();
        Rounds again = new Rounds();
        for (int i = 0; i < ROUNDS; i++) {
            String url = pictures.url(WIDTH, HEIGHT);
            double before = limits.computing();
            double seconds =
                    answering.ask(Answering.request(url, "What is this?", 1)).secondsToFirst();
            products.add(flops / seconds / Math.max(before, limits.computing()));
            first.add(seconds);
            again.add(answering.ask(Answering.request(url, "Where was it?", 1)).secondsToFirst() / seconds);
        }
        String bar = weights.equals("packed") ? ">= 0.85" : "";
        figure("first token for a picture of 640 × 480", first.median(), "s", "");
        figure("vision tower and prefill: FLOP/s ÷ what products reach", products.median(), "ratio", bar);
        figure("the same picture, another question: first token ÷ first time", again.median(), "ratio", "<= 0.15");
    }

    private void secondTurn() {
        Rounds ratio = new Rounds();
        for (int i = 0; i < ROUNDS; i++) {
            ObjectNode request = Answering.request(pictures.url(WIDTH, HEIGHT), "What is this?", 16);
            double first = answering.ask(request).secondsToFirst();
            Answering.addTurn(request, "assistant")
                    .addObject()
                    .put("type", "text")
                    .put("text", "a".repeat(16));
            Answering.addTurn(request, "user").addObject().put("type", "text").put("text", "And where?");
            ratio.add(answering.ask(request).secondsToFirst() / first);
        }
        figure("second turn of a conversation: first token ÷ first turn", ratio.median(), "ratio", "<= 0.05");
    }

    private void gap() throws Exception {
        Rounds longest = new Rounds();
        for (int i = 0; i < ROUNDS; i++) {
            ObjectNode running = Answering.request("Go on.", 160);
            ObjectNode newcomer = Answering.request(pictures.url(WIDTH, HEIGHT), "What is this?", 1);
            longest.add(answering.longestGap(running, newcomer));
        }
        figure(
                "longest gap of a running sequence while a picture of 640 × 480 arrives",
                longest.median(),
                "s",
                "<= 0.7");
    }

    /** How the cost grows: a first token with the picture's size, a step with sequences and context. */
    private void costs() throws Exception {
        for (int[] size : new int[][] {{224, 224}, {448, 448}, {640, 480}, {1024, 768}, {1288, 756}}) {
            String url = pictures.url(size[0], size[1]);
            double seconds =
                    answering.ask(Answering.request(url, "What is this?", 1)).secondsToFirst();
            figure("first token, " + size[0] + " × " + size[1], seconds, "s", "");
        }
        for (int sequences : new int[] {1, 2, 4, 8, 16}) {
            double rate = answering.tokensPerSecondTogether(requests(sequences, text(CONTEXT)));
            figure("step, sequences: " + sequences + ", context 512", 1e3 * sequences / rate, "ms", "");
        }
        for (int context : new int[] {128, 1024, 2048, 4096}) {
            double rate =
                    answering.ask(Answering.request(text(context), ANSWER)).tokensPerSecond();
            figure("step, sequences: 1, context " + context, 1e3 / rate, "ms", "");
        }
    }
}
