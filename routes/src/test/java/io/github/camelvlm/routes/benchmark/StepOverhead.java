package io.github.camelvlm.routes.benchmark;

import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelFamilies;
import io.github.camelvlm.model.Step;
import io.github.camelvlm.model.TokenChoice;
import io.github.camelvlm.model.VisionLanguageModel;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchRuntime;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Measures the Java time of a step: what a token of shapes-vl takes through {@code vlm:}, less what the native call alone
 * takes for the same; by turns, the median of all.
 */
final class StepOverhead {
    private static final int ROUNDS = 10;
    private static final int TOKENS = 200;
    /** Of one character in the vocabulary of shapes-vl. */
    private static final int TOKEN = 64;

    private StepOverhead() {}

    public static void main(String[] arguments) throws Exception {
        TorchRuntime.prepareThread(1);
        try (VisionLanguageModel model = ModelFamilies.load(
                        GoldenCase.SHAPES_VL, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN));
                DefaultCamelContext context = new DefaultCamelContext()) {
            model.program().allocate(2 * TOKENS);
            context.start();
            Answering answering = Answering.in(
                    context,
                    "device=cpu&dtype=float32&threads=1&speculation=off&model=RAW(" + GoldenCase.SHAPES_VL + ")");
            Rounds steps = new Rounds();
            Rounds calls = new Rounds();
            for (int i = 0; i < ROUNDS; i++) {
                List<Long> times =
                        answering.ask(Answering.request("Go on.", TOKENS)).tokens();
                for (int j = 1; j < times.size(); j++) {
                    steps.add((times.get(j) - times.get(j - 1)) / 1e6);
                }
                for (int j = 0; j < TOKENS; j++) {
                    calls.add(call(model, j));
                }
            }
            System.out.println(Measurement.MARK
                    + new Figure("shapes-vl: native call of a step", calls.median(), "ms", "").format());
            System.out.println(Measurement.MARK
                    + new Figure("shapes-vl: Java time of a step", steps.median() - calls.median(), "ms", "<= 0.2")
                            .format());
        }
    }

    private static double call(VisionLanguageModel model, int cached) {
        TokenChoice forced =
                new TokenChoice(0, 0, 1, 0, 0, new long[0], 1, Map.of(TOKEN, 100.0), new long[0], new long[0]);
        Step step = new Step(
                new Step.Tokens(
                        new long[] {TOKEN},
                        new long[] {cached, cached, cached},
                        new long[1],
                        new long[] {cached},
                        new long[] {1},
                        new long[1]),
                Step.Pictures.NONE,
                new Step.Choices(new long[1], List.of(forced), -1),
                Step.Scores.NONE);
        long start = System.nanoTime();
        model.program().step(step);
        return (System.nanoTime() - start) / 1e6;
    }
}
