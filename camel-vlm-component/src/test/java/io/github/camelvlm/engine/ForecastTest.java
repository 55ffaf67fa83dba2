package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.goldens.GoldenCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of engines before they are loaded. */
class ForecastTest {
    private static final long CACHE_OF_A_TOKEN = 2048;

    private static long files(Path model) throws IOException {
        try (Stream<Path> files = Files.list(model)) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static long bytes(EngineOptions options) {
        return Forecast.of(options).bytes();
    }

    @Test
    void countsWeightsInTheTypeThatIsComputedAndTheWholeCache() throws IOException {
        EngineOptions options = Engines.options(GoldenCase.SHAPES_VL, "float32", 0, 2, 64);
        long weights = 2 * files(GoldenCase.SHAPES_VL);
        long cache = 2 * 4096 * CACHE_OF_A_TOKEN;

        Forecast forecast = Forecast.of(options);

        assertThat(forecast.device()).isEqualTo("cpu");
        assertThat(forecast.bytes()).isBetween(weights + cache, (weights + cache) * 11 / 10);
    }

    @Test
    void countsNoMoreCacheThanIsAsked() {
        long one = bytes(Engines.options(GoldenCase.SHAPES_VL, "float32", 1024, 1, 64));
        long four = bytes(Engines.options(GoldenCase.SHAPES_VL, "float32", 1024, 4, 64));

        assertThat(four - one).isBetween(3 * 1024 * CACHE_OF_A_TOKEN, 4 * 1024 * CACHE_OF_A_TOKEN);
    }

    @Test
    void countsRoundedWeightsByWhatTheyTake() {
        long plain = bytes(Engines.options(GoldenCase.SHAPES_VL, "bfloat16", 1, 1, 1));
        long int8 = bytes(Engines.quantized(GoldenCase.SHAPES_VL, "int8").sharing("cpu", 1, 1));
        long int4 = bytes(Engines.quantized(GoldenCase.SHAPES_VL, "int4").sharing("cpu", 1, 1));

        // The embedding stays as it is, and the cache is larger here.
        long cache = 8L * 4096 * CACHE_OF_A_TOKEN / 2 * 21 / 20;
        assertThat(int8 - cache).isLessThan(plain * 3 / 4);
        assertThat(int4).isGreaterThanOrEqualTo(int8);
    }

    static Stream<Path> models() {
        return Stream.concat(
                Stream.of(GoldenCase.SHAPES_VL, GoldenCase.RANDOM_VL, GoldenCase.RANDOM_VL25, GoldenCase.RANDOM_VL3),
                GoldenCase.QUANTIZED.stream());
    }

    @ParameterizedTest
    @MethodSource("models")
    void saysOfEachFamilyAndFormatWhatItSaysWhenItIsLoaded(Path model) {
        EngineOptions options = Engines.options(model, "float32", 0, 2, 64);
        ModelInfo foreseen = Forecast.of(options).info();

        try (LocalEngine engine = LocalEngine.load(options)) {
            assertThat(engine.info())
                    .usingRecursiveComparison()
                    .ignoringFields("loadedAt")
                    .isEqualTo(foreseen);
        }
    }

    @Test
    void dividesTheCacheAmongEnginesThatShareAMachine() {
        EngineOptions options = Engines.options(GoldenCase.SHAPES_VL, "float32");

        EngineOptions two = options.sharing("cpu", 2, 2);
        EngineOptions four = options.sharing("cpu", 4, 4);

        assertThat(two.kvCacheBytes()).isPositive().isLessThan(DeviceMemory.total("cpu") / 4);
        assertThat(four.kvCacheBytes()).isEqualTo(two.kvCacheBytes() / 2);
        assertThat(options.sharing("cpu", 1, 1)).isEqualTo(options);
    }

    @Test
    void refusesADirectoryWithoutAModel(@TempDir Path empty) {
        assertThatThrownBy(() -> Forecast.of(Engines.options(empty, "float32")))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("config.json");
    }

    @Test
    void knowsHowMuchOfTheMachineIsFree() {
        assertThat(DeviceMemory.free("cpu")).isBetween(1_000_000L, DeviceMemory.total("cpu"));
    }
}
