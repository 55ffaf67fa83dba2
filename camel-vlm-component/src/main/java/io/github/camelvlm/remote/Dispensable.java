package io.github.camelvlm.remote;

import java.util.List;

/** What a request asks for beside its answer, which is of use without it: servers that do not know it are asked without. */
enum Dispensable {
    /** The log-probabilities of tokens. */
    LOGPROBS(
            List.of("logprobs", "top_logprobs"),
            "logprob",
            "does not tell the probabilities of tokens, so that its answers have no confidence"),
    /** That an answer which repeats itself is ended. */
    REPETITION(
            List.of("repetition_detection"),
            "repetition_detection",
            "does not end answers that repeat themselves before their length is reached");

    private final List<String> fields;
    private final String word;
    private final String loss;

    Dispensable(List<String> fields, String word, String loss) {
        this.fields = fields;
        this.word = word;
        this.loss = loss;
    }

    /** The fields of a request that ask for it. */
    List<String> fields() {
        return fields;
    }

    /** What a refusal of it holds, in lower case. */
    String word() {
        return word;
    }

    /** What is lost with a server that does not know it, for the log. */
    String loss() {
        return loss;
    }
}
