package io.github.camelvlm.routes.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.CamelVlm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Measures how long the folder route takes for sixteen pictures together, against one of them alone. */
final class FolderMeasurement {
    private static final int PICTURES = 16;
    private static final int ANSWER = 100;

    private FolderMeasurement() {}

    /** @param arguments the model's directory */
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("benchmark");
        Files.createDirectories(folder.resolve("inbox"));
        Process application = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx600m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CamelVlm.class.getName(),
                        "--vlm.model=" + arguments[0],
                        "--vlm.device=cpu",
                        "--vlm.dtype=bfloat16",
                        "--vlm.settle=100",
                        "--vlm.max-tokens=" + ANSWER,
                        "--api.port=0")
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            RandomPictures pictures = new RandomPictures();
            double alone = Math.min(
                    alone(application, folder, pictures, "first"), alone(application, folder, pictures, "second"));
            long start = System.nanoTime();
            for (int i = 0; i < PICTURES; i++) {
                put(folder, pictures, "picture-" + i);
            }
            for (int i = 0; i < PICTURES; i++) {
                caption(application, folder, "picture-" + i);
            }
            double together = (System.nanoTime() - start) / 1e9;
            System.out.println(Measurement.MARK
                    + new Figure(
                                    "16 pictures of 640 × 480 through the folder route ÷ 16 × one alone",
                                    together / (PICTURES * alone),
                                    "ratio",
                                    "<= 0.75")
                            .format());
        } finally {
            application.destroy();
            application.waitFor();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** The seconds that a picture took by its caption, waiting for the folder left out. */
    private static double alone(Process application, Path folder, RandomPictures pictures, String name)
            throws Exception {
        put(folder, pictures, name);
        return caption(application, folder, name).get("times").get("total_ms").asLong() / 1e3;
    }

    private static void put(Path folder, RandomPictures pictures, String name) throws IOException {
        Path whole = Files.write(folder.resolve(name), pictures.png(640, 480));
        Files.move(whole, folder.resolve("inbox").resolve(name + ".png"));
    }

    private static JsonNode caption(Process application, Path folder, String name) throws Exception {
        Path caption = folder.resolve("captions").resolve(name + ".png.json");
        while (!Files.exists(caption)) {
            if (application.waitFor(5, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("The application ended before it had described " + name);
            }
        }
        JsonNode json = new ObjectMapper().readTree(caption.toFile());
        if (json.get("usage").get("completion_tokens").asInt() != ANSWER) {
            throw new IllegalStateException("An answer of " + ANSWER + " tokens was wanted, but it is " + json);
        }
        return json;
    }
}
