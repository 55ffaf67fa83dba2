package io.github.camelvlm.routes.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.constraint.AnswerGrammars;
import io.github.camelvlm.constraint.CompiledGrammar;
import io.github.camelvlm.constraint.Constraint;
import io.github.camelvlm.constraint.ConstraintCompiler;
import io.github.camelvlm.constraint.TokenTrie;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Tokenizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Measures what the form of an answer costs: the sets of tokens that may follow, by the published vocabulary. */
final class ConstraintMeasurement {
    /** The token of it in the published vocabulary. */
    private static final int QUOTE = 1;

    private static final int VOCABULARY = 151_936;
    /** The time of this thread alone: what else the machine does is no cost of a mask. */
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private static final Path SCHEMAS = Path.of("../camel-vlm-component/src/test/resources/schemas/corpus.json");

    private static final String LARGEST = "two hundred properties";
    /** Those whose time is told; the others take less. */
    private static final Set<String> TOLD = Set.of(LARGEST, "everything", "a regular expression", "1000 choices");

    private static final int ANSWERS = 8;
    private static final int TOKENS = 400;

    private ConstraintMeasurement() {}

    public static void main(String[] arguments) throws IOException {
        try (Tokenizer tokenizer =
                Tokenizer.load(Path.of("../camel-vlm-component").resolve(GoldenCase.QWEN2_TOKENIZER))) {
            long start = CPU.getCurrentThreadCpuTime();
            TokenTrie tokens =
                    TokenTrie.of(VOCABULARY, id -> tokenizer.isSpecial(id) ? new byte[0] : tokenizer.bytesOf(id));
            print(
                    "forms: a vocabulary of 151,936 tokens, once",
                    (CPU.getCurrentThreadCpuTime() - start) / 1e6,
                    "ms",
                    "");
            int end = tokenizer.idOf("<|im_end|>").orElseThrow();
            ConstraintCompiler compiler = new ConstraintCompiler(tokens, Set.of(end), tokenizer::encodeText);
            Random random = new Random(1);
            warmUp(compiler, end, random);
            List<Double> masks = new ArrayList<>();
            for (AnswerFormat form : forms()) {
                start = CPU.getCurrentThreadCpuTime();
                CompiledGrammar grammar = compiler.compile(AnswerGrammars.of(form));
                if (TOLD.contains(form.field())) {
                    String bar = form.field().equals(LARGEST) ? "<= 200" : "";
                    double millis = (CPU.getCurrentThreadCpuTime() - start) / 1e6;
                    print("forms: compiling " + form.field(), millis, "ms", bar);
                }
                for (int i = 0; i < ANSWERS; i++) {
                    answer(grammar.begin(), end, random, masks);
                }
            }
            double[] sorted =
                    masks.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            print("forms: the mask of a step, median", sorted[sorted.length / 2], "ms", "<= 0.3");
            print("forms: the mask of a step, at most", sorted[sorted.length - 1], "ms", "<= 5");
        }
    }

    /** Lets the JVM compile what is measured; what is found of these grammars is found of others anew. */
    private static void warmUp(ConstraintCompiler compiler, int end, Random random) throws IOException {
        for (AnswerFormat form : forms()) {
            answer(compiler.compile(AnswerGrammars.of(form)).begin(), end, random, new ArrayList<>());
        }
    }

    private static void answer(Constraint constraint, int end, Random random, List<Double> times) {
        for (int remaining = TOKENS; remaining > 0 && !constraint.isComplete(); remaining--) {
            long start = CPU.getCurrentThreadCpuTime();
            long[] mask = constraint.mask(remaining);
            times.add((CPU.getCurrentThreadCpuTime() - start) / 1e6);
            BitSet allowed = BitSet.valueOf(mask);
            // Strings of tokens by chance would rarely end before they must.
            int token = allowed.get(QUOTE) && random.nextInt(4) == 0
                    ? QUOTE
                    : allowed.stream()
                            .skip(random.nextInt(allowed.cardinality()))
                            .findFirst()
                            .orElseThrow();
            if (token == end) {
                return;
            }
            constraint.accept(token);
        }
    }

    private static void print(String name, double value, String unit, String bar) {
        System.out.println(Measurement.MARK + new Figure(name, value, unit, bar).format());
    }

    /** The schemas that people send for pictures and documents, and one of each other form. */
    private static List<AnswerFormat> forms() throws IOException {
        List<AnswerFormat> forms = new ArrayList<>();
        for (JsonNode each : new ObjectMapper().readTree(SCHEMAS.toFile())) {
            forms.add(new AnswerFormat.Json(
                    each.get("name").asText(), each.get("schema").toString()));
        }
        forms.add(new AnswerFormat.Regex("a regular expression", "[A-Z][a-z]{2,20}( [A-Z][a-z]{2,20}){3,50}"));
        forms.add(new AnswerFormat.Choice(
                "1000 choices",
                IntStream.range(0, 1000).mapToObj(i -> "choice number " + i).toList()));
        return forms;
    }
}
