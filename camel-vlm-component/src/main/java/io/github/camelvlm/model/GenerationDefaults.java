package io.github.camelvlm.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.SamplingOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a model's {@code generation_config.json} says.
 *
 * @param sampling the model's own sampling options
 * @param endTokens the ids that end a turn, any of them
 */
public record GenerationDefaults(SamplingOptions sampling, Set<Integer> endTokens) {
    private static final String FILE = "generation_config.json";

    public GenerationDefaults {
        endTokens = Set.copyOf(endTokens);
    }

    /**
     * Reads the file, which a model need not have.
     *
     * @param vocabulary one more than the highest id
     * @param otherEndTokens the ids that end a turn, should the file name none
     * @throws ModelLoadException if the file is broken, or neither it nor the config names a token that ends a turn
     */
    public static GenerationDefaults read(Path directory, int vocabulary, List<Integer> otherEndTokens) {
        SamplingOptions sampling = SamplingOptions.NONE;
        Set<Integer> ends = new LinkedHashSet<>();
        if (Files.exists(directory.resolve(FILE))) {
            JsonFile file = JsonFile.read(directory, FILE);
            ends.addAll(file.tokens(file.root(), "eos_token_id", vocabulary));
            sampling = sampling(file);
        }
        if (ends.isEmpty()) {
            ends.addAll(otherEndTokens);
        }
        if (ends.isEmpty()) {
            throw new ModelLoadException("Neither " + FILE + " nor config.json in " + directory
                    + " names an eos_token_id: the model could never end its turn");
        }
        return new GenerationDefaults(sampling, ends);
    }

    private static SamplingOptions sampling(JsonFile file) {
        JsonNode json = file.root();
        boolean greedy = json.hasNonNull("do_sample") && !json.path("do_sample").asBoolean();
        try {
            return SamplingOptions.builder()
                    .temperature(greedy ? Double.valueOf(0) : file.number(json, "temperature"))
                    .topP(file.number(json, "top_p"))
                    .topK(
                            json.hasNonNull("top_k")
                                    ? Integer.valueOf(file.whole(json, "top_k", 0, Integer.MAX_VALUE))
                                    : null)
                    .minP(file.number(json, "min_p"))
                    .repetitionPenalty(file.number(json, "repetition_penalty"))
                    .presencePenalty(file.number(json, "presence_penalty"))
                    .build();
        } catch (InvalidRequestException e) {
            throw new ModelLoadException(file.path() + ": " + e.getMessage(), e);
        }
    }
}
