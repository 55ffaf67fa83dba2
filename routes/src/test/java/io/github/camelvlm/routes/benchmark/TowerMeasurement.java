package io.github.camelvlm.routes.benchmark;

import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelAdapter;
import io.github.camelvlm.model.ModelFamilies;
import io.github.camelvlm.model.ProcessedImage;
import io.github.camelvlm.model.VisionLanguageModel;
import io.github.camelvlm.qwen.PublishedTower;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** Measures how fast the vision towers of the published families encode a picture of 640 × 480 pixels. */
final class TowerMeasurement {
    private static final int ROUNDS = 3;
    private static final int WIDTH = 640;
    private static final int HEIGHT = 480;

    private TowerMeasurement() {}

    /** @param arguments the folder that the models are made in */
    public static void main(String[] arguments) throws IOException {
        for (PublishedTower tower : PublishedTower.values()) {
            Path directory = Path.of(arguments[0], tower.name().toLowerCase(Locale.ROOT));
            if (!Files.exists(directory.resolve("model.safetensors"))) {
                tower.createRandom(Files.createDirectories(directory));
            }
            measure(tower, directory);
        }
    }

    private static void measure(PublishedTower tower, Path directory) throws IOException {
        TorchRuntime.prepareThread(Runtime.getRuntime().availableProcessors());
        Execution execution = new Execution(Execution.CPU, Dtype.BFLOAT16, LinearKernel.PACKED);
        try (VisionLanguageModel model = ModelFamilies.load(directory, execution);
                MachineLimits limits = new MachineLimits()) {
            ProcessedImage image = image(tower);
            double flops = PublishedTower.flops(directory, image.gridHeight(), image.gridWidth());
            encode(model, image);
            Rounds seconds = new Rounds();
            Rounds ratio = new Rounds();
            for (int i = 0; i < ROUNDS; i++) {
                double before = limits.computing();
                double taken = encode(model, image);
                seconds.add(taken);
                ratio.add(flops / taken / Math.max(before, limits.computing()));
            }
            String name = "vision tower of " + tower.id() + ", " + WIDTH + " × " + HEIGHT;
            System.out.println(Measurement.MARK + new Figure(name, seconds.median(), "s", "").format());
            System.out.println(Measurement.MARK
                    + new Figure(name + ": FLOP/s ÷ what products reach", ratio.median(), "ratio", ">= 0.75").format());
        }
    }

    private static double encode(VisionLanguageModel model, ProcessedImage image) {
        long start = System.nanoTime();
        model.program().begin(0, image);
        model.program().encode(0, ModelAdapter.NONE, 0, model.program().halfBlocks());
        double seconds = (System.nanoTime() - start) / 1e9;
        model.program().drop(0);
        return seconds;
    }

    /** Noise, in the size to which the family brings the picture. */
    private static ProcessedImage image(PublishedTower tower) {
        int side = tower == PublishedTower.QWEN3_VL_8B ? 16 : 14;
        int rows = (int) Math.rint(HEIGHT / (2.0 * side)) * 2;
        int columns = (int) Math.rint(WIDTH / (2.0 * side)) * 2;
        byte[] rgb = new byte[3 * side * side * rows * columns];
        new Random(0).nextBytes(rgb);
        return new ProcessedImage(rows, columns, rgb);
    }
}
