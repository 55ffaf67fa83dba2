package io.github.camelvlm.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.qwen.ModelShape;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The resident size of a process that describes pictures, heap and native memory together. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the resident size is read from /proc")
class ResidentMemoryTest {
    private static final long MEGABYTE = 1_000_000;

    @Test
    void staysFlatOverAThousandDescriptions() throws Exception {
        // The JVM compiles what it does often, and takes memory for it, during the first hundreds.
        List<Long> resident = run(List.of(GoldenCase.SHAPES_VL.toString(), "float32", "64", "112", "500", "1500"));

        assertThat(resident.get(1) - resident.get(0)).isLessThan(20 * MEGABYTE);
    }

    @Test
    void holdsTheWeightsOnceAsTheyLieInTheFile(@TempDir Path folder) throws Exception {
        long weights = ModelShape.SHORT.createZeros(folder);

        List<Long> resident = run(List.of(folder.toString(), "bfloat16", "2", "112", "2"));

        // A second copy of the weights would be too much.
        assertThat(weights).isGreaterThan(950 * MEGABYTE);
        assertThat(resident.get(0)).isLessThan(weights * 5 / 4 + 700 * MEGABYTE);
    }

    @Test
    void givesTheWeightsBackWhenItIsClosed(@TempDir Path folder) throws Exception {
        ModelShape.SHORT.createZeros(folder);

        List<Long> resident = run(List.of(folder + "&quantization=int8", "bfloat16", "2", "112", "2"));

        // The heap, the classes and libtorch, and what pages of its weights the operating system still counts.
        assertThat(resident.get(0)).isGreaterThan(700 * MEGABYTE);
        assertThat(resident.get(2)).isLessThan(500 * MEGABYTE);
    }

    @Test
    void givesBackAtRestWhatItComputedWith(@TempDir Path folder) throws Exception {
        ModelShape.SHORT.createZeros(folder);

        List<Long> resident = run(List.of(folder.toString(), "bfloat16", "2", "640", "2"));

        assertThat(resident.get(0) - resident.get(1)).isGreaterThan(50 * MEGABYTE);
    }

    @Test
    void staysFlatWhileModelsMakeRoomForEachOther() throws Exception {
        String models = "a=" + GoldenCase.SHAPES_VL + ",b=" + GoldenCase.SHAPES_TOOLS;

        List<Long> resident = run(AskInTurn.class, List.of(models, "25000000", "40", "100"));

        // One that stayed each time would be sixty times 14 MB.
        assertThat(resident.get(1) - resident.get(0)).isLessThan(40 * MEGABYTE);
    }

    private static List<Long> run(List<String> arguments) throws IOException, InterruptedException {
        return run(DescribeMany.class, arguments);
    }

    /** The heap has a fixed size and is touched from the beginning, so that only growth shows. */
    private static List<Long> run(Class<?> program, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms160m",
                "-Xmx160m",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(arguments);
        File output = File.createTempFile("describe-many", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
            try {
                assertThat(process.waitFor(5, TimeUnit.MINUTES))
                        .as("ends in time")
                        .isTrue();
            } finally {
                process.destroyForcibly();
            }
            List<String> lines = Files.readAllLines(output.toPath());
            assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
            return lines.stream()
                    .filter(line -> line.startsWith("resident "))
                    .map(line -> Long.valueOf(line.substring("resident ".length())))
                    .toList();
        } finally {
            output.delete();
        }
    }
}
