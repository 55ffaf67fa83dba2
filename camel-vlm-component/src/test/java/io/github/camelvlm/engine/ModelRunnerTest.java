package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.CompiledPrompt;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelFamilies;
import io.github.camelvlm.model.TokenPositions;
import io.github.camelvlm.model.VisionLanguageModel;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchRuntime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ModelRunnerTest {

    private static Sequence scheduled(CompiledPrompt prompt, int start) {
        SamplingOptions greedy = SamplingOptions.builder().temperature(0.0).build();
        Sampler sampler = new Sampler(greedy, prompt.ids(), new PermittedTokens(greedy, Set.of(), List.of(), null, 1));
        Sequence sequence =
                new Sequence(prompt, 1, Set.of(), sampler, new Drafter(true, Set.of()), -1, null, null, null);
        sequence.start(new KvCache.Slot(start, sequence.tokensNeeded()), 0, 0);
        sequence.schedule(sequence.pending());
        sequence.foresee(0);
        return sequence;
    }

    @Test
    void showsPicturesOnlyToThePromptsThatHoldThem() {
        TorchRuntime.prepareThread(1);
        try (VisionLanguageModel model =
                ModelFamilies.load(GoldenCase.SHAPES_VL, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN))) {
            model.program().allocate(1024);
            ModelRunner runner = new ModelRunner(model.program(), 1023);
            GoldenCase golden = GoldenCase.shapes("describe one-shape.png");
            Sequence shown =
                    scheduled(model.words().promptCompiler(1024, 64_000_000).compile(golden.messages()), 512);
            runner.encode(new PictureSlice(
                    shown, shown.prompt().pictures().get(0), model.program().halfBlocks()));
            // As one that chose the token of a picture in its answer.
            int[] ids = {1, shown.id(shown.prompt().pictures().get(0).firstToken())};
            Sequence written = scheduled(
                    new CompiledPrompt(ids, new TokenPositions(new long[][] {{0, 1}, {0, 1}, {0, 1}}, 0), List.of()),
                    0);

            int writtenAlone =
                    runner.run(List.of(written)).tokens().get(0).get(0).id();
            List<SampledToken> together = runner.run(List.of(written, shown)).tokens().stream()
                    .map(tokens -> tokens.get(0))
                    .toList();

            assertThat(together)
                    .extracting(SampledToken::id)
                    .containsExactly(writtenAlone, golden.ints("generated_token_ids")[0]);
        }
    }
}
