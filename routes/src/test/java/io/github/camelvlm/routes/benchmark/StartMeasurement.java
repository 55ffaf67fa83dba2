package io.github.camelvlm.routes.benchmark;

import io.github.camelvlm.qwen.ModelShape;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;

/** Measures the start with the component's own kernels, and the memory that weights then take, in a JVM of its own. */
final class StartMeasurement {
    private static final Map<String, String> BARS = Map.of("none", "<= 2.5", "int8", "", "int4", "<= 6");

    /** What the program takes beside weights, keys and values. */
    private static final double OTHER_BYTES = 700e6;

    private StartMeasurement() {}

    /** @param arguments the quantization, the model, its directory */
    public static void main(String[] arguments) throws Exception {
        String quantization = arguments[0];
        String form = quantization.equals("none") ? "bfloat16" : quantization;
        ModelShape shape = BenchmarkModel.of(arguments[1]).shape();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            Answering answering = Answering.in(
                    context,
                    "device=cpu&dtype=bfloat16&contextLength=1024&maxSequences=16&quantization=" + quantization
                            + "&model=RAW(" + Path.of(arguments[2]) + ")");
            Measurement.print(new Figure(
                    "own kernels: start, " + form, Measurement.sinceJvmStart(), "s", BARS.get(quantization)));
            answering.ask(Answering.request(new RandomPictures().url(640, 480), "What is this?", 16));
            if (quantization.equals("int4")) {
                double held = 0.56 * (shape.layerWeights() + shape.headWeights()) + shape.visionFlops(1) / 2;
                Measurement.print(new Figure(
                        "own kernels: resident memory less 700 MB ÷ (0.56 bytes × decoder's weights + vision tower), int4",
                        (Measurement.residentBytes() - OTHER_BYTES) / held,
                        "ratio",
                        "<= 1.10"));
            }
        }
    }
}
