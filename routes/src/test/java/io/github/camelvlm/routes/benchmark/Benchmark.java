package io.github.camelvlm.routes.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.camelvlm.routes.HttpOverhead;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs all measurements, prints their figures as a table, and writes them to {@code benchmark.json}. */
final class Benchmark {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final List<Figure> figures = new ArrayList<>();

    private Benchmark() {}

    /**
     * @param arguments the model (small, 2b or 7b), the folder that the results and the models go to, and what is measured:
     *     all, or decode or film for a quick look
     */
    public static void main(String[] arguments) throws Exception {
        String model = arguments[0];
        Path folder = Path.of(arguments[1]).toAbsolutePath();
        Path directory = BenchmarkModel.of(model).directory(Files.createDirectories(folder.resolve("benchmark")));
        Benchmark benchmark = new Benchmark();
        if (arguments[2].equals("film")) {
            benchmark.add(run(FilmMeasurement.class, List.of(directory.toString())));
            benchmark.write(folder.resolve("benchmark-film.json"));
            return;
        }
        // The first start reads the weights from the disk; those that count find them in the page cache.
        run(StartMeasurement.class, List.of("none", model, directory.toString()));
        for (String quantization : List.of("none", "int8", "int4")) {
            benchmark.add(run(StartMeasurement.class, List.of(quantization, model, directory.toString())));
            benchmark.add(run(DecodeMeasurement.class, List.of(quantization, model, directory.toString())));
        }
        benchmark.compareDecoding();
        if (arguments[2].equals("decode")) {
            benchmark.write(folder.resolve("benchmark-decode.json"));
            return;
        }
        for (String weights : List.of("plain", "packed", "int8", "int4")) {
            benchmark.add(run(Measurement.class, List.of(weights, model, directory.toString())));
        }
        benchmark.compare();
        benchmark.add(
                run(TowerMeasurement.class, List.of(folder.resolve("benchmark").toString())));
        benchmark.add(run(FilmMeasurement.class, List.of(directory.toString())));
        benchmark.add(run(AdapterMeasurement.class, List.of(model, directory.toString())));
        benchmark.add(run(FormMeasurement.class, List.of(directory.toString())));
        benchmark.add(run(FolderMeasurement.class, List.of(directory.toString())));
        benchmark.add(run(StepOverhead.class, List.of()));
        benchmark.add(run(ConstraintMeasurement.class, List.of()));
        benchmark.add(run(HttpOverhead.class, List.of()));
        benchmark.write(folder.resolve("benchmark.json"));
    }

    private void add(List<Figure> measured) {
        figures.addAll(measured);
    }

    /** Each measurement has a process of its own, so that memory and start are its own. */
    private static List<Figure> run(Class<?> measurement, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx600m",
                "-cp",
                System.getProperty("java.class.path"),
                measurement.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Figure> figures = new ArrayList<>();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(Measurement.MARK)) {
                    Figure figure = Figure.parse(line.substring(Measurement.MARK.length()));
                    figures.add(figure);
                    System.out.println(row(figure));
                }
            }
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(measurement.getSimpleName() + " " + arguments + " failed");
        }
        return figures;
    }

    /** What two measurements say together. */
    private void compare() {
        String decoding = "decoding, one sequence, context 512, ";
        compared(
                "decoding, one sequence: tokens/s of int8 ÷ bfloat16",
                decoding + "int8",
                decoding + "packed",
                ">= 1.4");
        compared(
                "decoding, one sequence: tokens/s of int4 ÷ bfloat16",
                decoding + "int4",
                decoding + "packed",
                ">= 1.8");
        String products = "vision tower and prefill: FLOP/s ÷ what products reach, ";
        compared("vision tower and prefill: int8 ÷ bfloat16", products + "int8", products + "packed", ">= 1.2");
    }

    private void compareDecoding() {
        String decoding = "own kernels: sequences: 1, context 512, ";
        compared("own kernels, one sequence: int8 ÷ bfloat16", decoding + "int8", decoding + "bfloat16", ">= 1.75");
        compared("own kernels, one sequence: int4 ÷ bfloat16", decoding + "int4", decoding + "bfloat16", ">= 2.8");
    }

    private void compared(String name, String one, String other, String bar) {
        Figure figure = new Figure(name, value(one) / value(other), "ratio", bar);
        figures.add(figure);
        System.out.println(row(figure));
    }

    private double value(String name) {
        return figures.stream()
                .filter(figure -> figure.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private static String row(Figure figure) {
        Optional<Boolean> met = figure.isMet();
        return String.format(
                "| %-95s | %10s | %-8s | %-8s | %-6s |",
                figure.name(),
                figure.rounded(),
                figure.unit(),
                figure.bar(),
                met.map(yes -> yes ? "met" : "missed").orElse(""));
    }

    private void write(Path file) throws IOException {
        ArrayNode json = JSON.createArrayNode();
        for (Figure figure : figures) {
            json.addObject()
                    .put("name", figure.name())
                    .put("value", figure.value())
                    .put("unit", figure.unit())
                    .put("bar", figure.bar());
        }
        JSON.writeValue(file.toFile(), json);
        System.out.println("Written to " + file);
    }
}
