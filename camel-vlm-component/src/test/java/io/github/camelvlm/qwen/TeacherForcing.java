package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.model.CompiledPrompt;
import io.github.camelvlm.model.ModelProgram;
import io.github.camelvlm.model.PromptPicture;
import io.github.camelvlm.model.Step;
import io.github.camelvlm.model.TokenChoice;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a model thinks of an answer that another implementation gave. */
public final class TeacherForcing {
    private TeacherForcing() {}

    /**
     * The log-probabilities of given tokens after a prompt, computed in one step. A bias makes each row choose the given
     * token, whose log-probability without the bias it then reports.
     */
    public static double[] logprobs(ModelProgram program, CompiledPrompt prompt, int[] tokens) {
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
        List<PromptPicture> pictures = prompt.pictures();
        for (int i = 0; i < pictures.size(); i++) {
            program.begin(i, pictures.get(i).image());
            program.encode(i, pictures.get(i).adapter(), 0, program.halfBlocks());
        }
        double[] result = program.step(new Step(
                new Step.Tokens(
                        ids, positions, new long[1], new long[1], new long[] {count}, new long[] {prompt.adapter()}),
                new Step.Pictures(
                        IntStream.range(0, pictures.size()).asLongStream().toArray(),
                        new long[pictures.size()],
                        pictures.stream().mapToLong(PromptPicture::tokens).toArray(),
                        pictures.stream().mapToLong(PromptPicture::firstToken).toArray()),
                new Step.Choices(
                        IntStream.range(length - 1, count).asLongStream().toArray(),
                        Arrays.stream(tokens).mapToObj(TeacherForcing::forced).toList(),
                        0),
                Step.Scores.NONE));
        for (int i = 0; i < pictures.size(); i++) {
            program.drop(i);
        }
        double[] logprobs = new double[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            assertThat((int) result[2 * i]).isEqualTo(tokens[i]);
            logprobs[i] = result[2 * i + 1];
        }
        return logprobs;
    }

    private static TokenChoice forced(int token) {
        return new TokenChoice(0, 0, 1, 0, 0, new long[0], 1, Map.of(token, 1e6), new long[0], new long[0]);
    }
}
