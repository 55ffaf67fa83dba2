package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;

/** What a model thinks of an answer that somebody else gave. */
public final class TeacherForcing {
    private TeacherForcing() {}

    /**
     * The log-probabilities of given tokens after a prompt, computed in one step. A bias makes each row choose the given
     * token, whose log-probability without the bias it then reports.
     */
    public static double[] logprobs(QwenModel model, CompiledPrompt prompt, int[] tokens) {
        int length = prompt.ids().length;
        int count = length + tokens.length - 1;
        long[] ids = new long[count];
        long[] positions = new long[3 * count];
        for (int i = 0; i < count; i++) {
            ids[i] = i < length ? prompt.ids()[i] : tokens[i - length];
            for (int axis = 0; axis < 3; axis++) {
                positions[axis * count + i] = i < length
                        ? prompt.positions().positions()[axis][i]
                        : i + prompt.positions().ropeDelta();
            }
        }
        long[] keys = new long[prompt.pictures().size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = i;
            model.program().begin(i, prompt.pictures().get(i).image());
            model.program().encode(i, 0, model.program().halfBlocks());
        }
        int rows = tokens.length;
        double[] ones = new double[rows];
        Arrays.fill(ones, 1);
        double[] result = model.program()
                .step(new Step(
                        ids,
                        positions,
                        new long[] {0},
                        new long[] {0},
                        new long[] {count},
                        IntStream.range(length - 1, count).asLongStream().toArray(),
                        keys,
                        new long[keys.length],
                        prompt.pictures().stream()
                                .mapToLong(PromptPicture::tokens)
                                .toArray(),
                        prompt.pictures().stream()
                                .mapToLong(PromptPicture::firstToken)
                                .toArray(),
                        new double[rows],
                        new long[rows],
                        ones,
                        new double[rows],
                        new double[rows],
                        new long[0],
                        new long[rows],
                        ones,
                        Arrays.stream(tokens).asLongStream().toArray(),
                        Arrays.stream(tokens).mapToLong(id -> 1).toArray(),
                        Arrays.stream(tokens).mapToDouble(id -> 1e6).toArray(),
                        new long[0],
                        new long[rows],
                        0,
                        new long[0],
                        new long[0],
                        0));
        for (long key : keys) {
            model.program().drop(key);
        }
        double[] logprobs = new double[rows];
        for (int i = 0; i < rows; i++) {
            assertThat((int) result[2 * i]).isEqualTo(tokens[i]);
            logprobs[i] = result[2 * i + 1];
        }
        return logprobs;
    }
}
