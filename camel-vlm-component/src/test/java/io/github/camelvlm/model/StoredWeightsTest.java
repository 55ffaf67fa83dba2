package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.StoredTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoredWeightsTest {
    private static final Quantization GPTQ = new Quantization(
            List.of(new Quantization.Group(ModuleNames.ALL, new GptqFormat(4, 128, false, true))), ModuleNames.NONE);

    @Test
    void asksNothingOfTheSizesOfAMatrixThatWasLeftAsItWas() {
        // The MLP of Qwen2.5-VL's vision tower has 3420 columns, which no group of 128 divides.
        List<Long> shape = List.of(1280L, 3420L);
        StoredTensor tensor = new StoredTensor("visual.down.weight", Path.of("x"), Dtype.FLOAT16, shape, 0);
        StoredWeights weights =
                new StoredWeights(Path.of("."), Map.of(tensor.name(), tensor), GPTQ, module -> List.of(module));

        assertThat(weights.find("visual.down.weight", shape)).isEqualTo(new StoredWeight.Plain(tensor));
    }
}
