package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.media.Pictures;
import io.github.camelvlm.model.CompiledPrompt;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelAdapter;
import io.github.camelvlm.model.PromptCompiler;
import io.github.camelvlm.model.PromptPicture;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchRuntime;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The program in float32 on a CPU, against what transformers computes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QwenProgramTest {
    private static final int CONTEXT = 2048;

    private final Map<Path, QwenModel> models = new HashMap<>();

    @BeforeAll
    void load() {
        TorchRuntime.prepareThread(1);
        for (Path directory :
                new Path[] {GoldenCase.SHAPES_VL, GoldenCase.RANDOM_VL, GoldenCase.RANDOM_VL25, GoldenCase.RANDOM_VL3
                }) {
            QwenModel model = QwenModel.load(directory, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN));
            model.program().allocate(CONTEXT);
            models.put(directory, model);
        }
    }

    @AfterAll
    void close() {
        models.values().forEach(QwenModel::close);
    }

    @ParameterizedTest
    @MethodSource("io.github.camelvlm.goldens.GoldenCase#allWithVideos")
    void compilesThePromptThatTransformersMakes(GoldenCase golden) {
        CompiledPrompt prompt = compiler(golden).compile(golden.messages());

        assertThat(prompt.ids()).isEqualTo(golden.ints("prompt_token_ids"));
        assertThat(prompt.pictures().stream()
                        .filter(picture -> !picture.isOfVideo())
                        .map(QwenProgramTest::grid))
                .usingRecursiveComparison()
                .isEqualTo(golden.grids());
        assertThat(prompt.pictures().stream().filter(PromptPicture::isOfVideo).map(QwenProgramTest::grid))
                .usingRecursiveComparison()
                .isEqualTo(golden.videoGrids().stream()
                        .flatMap(grid -> Collections.nCopies(grid[0], new int[] {grid[1], grid[2]}).stream())
                        .toList());
        if (golden.json().has("position_ids")) {
            for (int axis = 0; axis < 3; axis++) {
                assertThat(prompt.positions().positions()[axis])
                        .isEqualTo(Arrays.stream(GoldenCase.ints(
                                        golden.json().get("position_ids").get(axis)))
                                .asLongStream()
                                .toArray());
            }
            assertThat(prompt.positions().ropeDelta())
                    .isEqualTo(golden.json().get("rope_delta").asInt());
        }
    }

    private static int[] grid(PromptPicture picture) {
        return new int[] {picture.image().gridHeight(), picture.image().gridWidth()};
    }

    @ParameterizedTest
    @MethodSource("pictured")
    void normalizesPixelsIntoThePatchesThatTransformersMakes(GoldenCase golden) {
        CompiledPrompt prompt = compiler(golden).compile(golden.messages());
        JsonNode expected = golden.json().get("pixel_values");
        double[] patches = patches(golden, prompt);
        int width = expected.get("shape").get(1).asInt();
        assertThat(patches).hasSize(expected.get("shape").get(0).asInt() * width);
        double sum = 0;
        int count = 0;
        for (Map.Entry<String, JsonNode> row : expected.get("rows").properties()) {
            int start = Integer.parseInt(row.getKey()) * width;
            for (int i = 0; i < row.getValue().size(); i++, count++) {
                double difference =
                        Math.abs(patches[start + 98 * i] - row.getValue().get(i).asDouble());
                sum += difference;
                if (!golden.isLossy()) {
                    // The golden's numbers are rounded to five digits.
                    assertThat(difference).isLessThanOrEqualTo(1e-5);
                }
            }
        }
        assertThat(sum / count).isLessThanOrEqualTo(0.02);
        assertThat(Arrays.stream(patches).average().orElseThrow())
                .isCloseTo(expected.get("mean").asDouble(), Offset.offset(golden.isLossy() ? 0.02 : 1e-5));
    }

    private double[] patches(GoldenCase golden, CompiledPrompt prompt) {
        QwenProgram program = models.get(golden.model()).program();
        return prompt.pictures().stream()
                .map(picture -> program.patches(picture.image()))
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("pictured")
    void embedsPicturesAsTransformersDoes(GoldenCase golden) {
        CompiledPrompt prompt = compiler(golden).compile(golden.messagesWithReferencePixels());
        QwenProgram program = models.get(golden.model()).program();
        for (int i = 0; i < prompt.pictures().size(); i++) {
            JsonNode expected = golden.json().get("image_embeddings").get(i);
            program.begin(i, prompt.pictures().get(i).image());
            program.encode(i, ModelAdapter.NONE, 0, program.halfBlocks());
            int hidden = expected.get("shape").get(1).asInt();
            double[] embeddings =
                    firstColumns(program.picture(i), prompt.pictures().get(i).tokens(), hidden);
            program.drop(i);

            double norm = Math.sqrt(Arrays.stream(embeddings).map(x -> x * x).sum());
            assertThat(embeddings).hasSize(expected.get("shape").get(0).asInt() * hidden);
            assertThat(norm / expected.get("norm").asDouble()).isCloseTo(1, Offset.offset(1e-3));
            double rms = norm / Math.sqrt(embeddings.length);
            assertThat(Arrays.stream(embeddings).average().orElseThrow())
                    .isCloseTo(expected.get("mean").asDouble(), Offset.offset(1e-3 * rms));
            assertRow(embeddings, 0, expected.get("first"), rms);
            assertRow(embeddings, embeddings.length - hidden, expected.get("last"), rms);
        }
    }

    /** The embeddings alone, without what deeper layers add. */
    private static double[] firstColumns(double[] picture, int rows, int columns) {
        int width = picture.length / rows;
        return IntStream.range(0, rows * columns)
                .mapToDouble(i -> picture[i / columns * width + i % columns])
                .toArray();
    }

    private static void assertRow(double[] embeddings, int start, JsonNode expected, double rms) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(embeddings[start + i]).isCloseTo(expected.get(i).asDouble(), Offset.offset(1e-3 * rms));
        }
    }

    @ParameterizedTest
    @MethodSource("io.github.camelvlm.goldens.GoldenCase#allWithVideos")
    void givesTheReferencesTokensTheLogProbabilitiesThatTransformersDoes(GoldenCase golden) {
        double[] logprobs = TeacherForcing.logprobs(
                models.get(golden.model()).program(),
                compiler(golden).compile(golden.messages()),
                golden.ints("generated_token_ids"));

        double bound = !golden.isLossy() ? 2e-3 : golden.model().equals(GoldenCase.SHAPES_VL) ? 0.02 : 0.3;
        for (int i = 0; i < logprobs.length; i++) {
            assertThat(logprobs[i])
                    .as("token %d", i)
                    .isCloseTo(
                            golden.json().get("logprobs").get(i).get("logprob").asDouble(), Offset.offset(bound));
        }
    }

    @ParameterizedTest
    @MethodSource("lossy")
    void computesWithTheReferencesPixelsTheReferencesLogProbabilities(GoldenCase golden) {
        double[] logprobs = TeacherForcing.logprobs(
                models.get(golden.model()).program(),
                compiler(golden).compile(golden.messagesWithReferencePixels()),
                golden.ints("generated_token_ids"));

        for (int i = 0; i < logprobs.length; i++) {
            assertThat(logprobs[i])
                    .as("token %d", i)
                    .isCloseTo(
                            golden.json().get("logprobs").get(i).get("logprob").asDouble(), Offset.offset(2e-3));
        }
    }

    @Test
    void refusesAPictureOfTheWrongShapeByItsHeader() {
        byte[] png = Arrays.copyOf(Pictures.bytes("goldens/images/tiny.png"), 40);
        ByteBuffer.wrap(png).putInt(16, 63_000_000).putInt(20, 1);
        ImagePart picture = new ImagePart(new EncodedImage("wide.png", png));
        PromptCompiler compiler = models.get(GoldenCase.RANDOM_VL).promptCompiler(CONTEXT, 64_000_000);
        assertThatThrownBy(() -> compiler.compile(List.of(new Message(Role.USER, List.of(picture)))))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessageContaining("wide.png is 63000000 × 1 pixels, one side more than 200 times the other");
    }

    private PromptCompiler compiler(GoldenCase golden) {
        return models.get(golden.model()).promptCompiler(CONTEXT, 64_000_000);
    }

    static Stream<GoldenCase> pictured() {
        return GoldenCase.all().filter(golden -> golden.json().has("image_grid_thw"));
    }

    static Stream<GoldenCase> lossy() {
        return GoldenCase.all().filter(GoldenCase::isLossy);
    }
}
