package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelFamilies;
import io.github.camelvlm.model.PromptPicture;
import io.github.camelvlm.model.VisionLanguageModel;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchRuntime;
import org.junit.jupiter.api.Test;

class EmbeddingCacheTest {

    @Test
    void keepsAPictureThatIsLargerThanItsBoundsUntilAnotherIsUsed() {
        TorchRuntime.prepareThread(1);
        try (VisionLanguageModel model =
                ModelFamilies.load(GoldenCase.SHAPES_VL, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN))) {
            EmbeddingCache cache = new EmbeddingCache(model.program(), 1);
            int halfBlocks = model.program().halfBlocks();
            PromptPicture first = picture(model, "describe one-shape.png");
            PromptPicture second = picture(model, "describe two-shapes.png");

            cache.encode(first, 1);
            cache.trim();
            cache.encode(first, halfBlocks - 1);
            cache.trim();

            assertThat(cache.halfBlocksLeft(first)).isZero();

            cache.encode(second, halfBlocks);
            cache.trim();

            assertThat(cache.halfBlocksLeft(second)).isZero();
            assertThat(cache.halfBlocksLeft(first)).isEqualTo(halfBlocks);
        }
    }

    private static PromptPicture picture(VisionLanguageModel model, String golden) {
        return model.words()
                .promptCompiler(1024, 64_000_000)
                .compile(GoldenCase.shapes(golden).messages())
                .pictures()
                .get(0);
    }
}
