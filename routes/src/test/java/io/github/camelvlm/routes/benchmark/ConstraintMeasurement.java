package io.github.camelvlm.routes.benchmark;

import static io.github.camelvlm.constraint.Expression.anyOf;
import static io.github.camelvlm.constraint.Expression.literal;
import static io.github.camelvlm.constraint.Expression.optional;
import static io.github.camelvlm.constraint.Expression.sequence;

import io.github.camelvlm.constraint.CodePoints;
import io.github.camelvlm.constraint.CompiledGrammar;
import io.github.camelvlm.constraint.Constraint;
import io.github.camelvlm.constraint.ConstraintCompiler;
import io.github.camelvlm.constraint.Expression;
import io.github.camelvlm.constraint.Expression.Characters;
import io.github.camelvlm.constraint.Expression.Reference;
import io.github.camelvlm.constraint.Expression.Repetition;
import io.github.camelvlm.constraint.Grammar;
import io.github.camelvlm.constraint.TokenTrie;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Tokenizer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Measures what the form of an answer costs: the sets of tokens that may follow, by the published vocabulary. In
 * time of the processor: what else the machine does is no cost of a mask. */
final class ConstraintMeasurement {
    /** The token of it in the published vocabulary. */
    private static final int QUOTE = 1;

    private static final int VOCABULARY = 151_936;
    /** The time of this thread alone: what else the machine does is no cost of a mask. */
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private static final int ANSWERS = 8;
    private static final int TOKENS = 400;

    private static final Expression DIGIT = new Characters(CodePoints.range('0', '9'));
    private static final Expression HEX = new Characters(CodePoints.of("0123456789abcdefABCDEF"));
    private static final Expression CHARACTER = anyOf(
            new Characters(CodePoints.range(0, 0x1F).or(CodePoints.of("\"\\")).not()),
            literal("\\\""),
            literal("\\\\"),
            literal("\\n"),
            literal("\\t"),
            sequence(literal("\\u"), HEX, HEX, HEX, HEX));
    private static final Expression NUMBER = sequence(
            optional(literal("-")),
            new Repetition(DIGIT, 1, 15),
            optional(sequence(literal("."), new Repetition(DIGIT, 1, 10))));

    private ConstraintMeasurement() {}

    public static void main(String[] arguments) {
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
            for (Map.Entry<String, Grammar> entry : grammars().entrySet()) {
                start = CPU.getCurrentThreadCpuTime();
                CompiledGrammar grammar = compiler.compile(entry.getValue());
                String bar = entry.getKey().startsWith("200") ? "<= 200" : "";
                print("forms: compiling " + entry.getKey(), (CPU.getCurrentThreadCpuTime() - start) / 1e6, "ms", bar);
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

    /** Lets the JVM compile what is measured. */
    private static void warmUp(ConstraintCompiler compiler, int end, Random random) {
        for (int i = 0; i < ANSWERS; i++) {
            answer(compiler.compile(any()).begin(), end, random, new ArrayList<>());
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

    private static Map<String, Grammar> grammars() {
        Map<String, Grammar> grammars = new LinkedHashMap<>();
        grammars.put("200 properties", Grammar.of(object(200, string(125))));
        grammars.put("an array of objects", Grammar.of(array(object(4, anyOf(string(30), NUMBER)), 1000)));
        grammars.put("any JSON", any());
        Expression word = sequence(
                new Characters(CodePoints.range('A', 'Z')),
                new Repetition(new Characters(CodePoints.range('a', 'z')), 2, 20));
        grammars.put(
                "a regular expression",
                Grammar.of(sequence(word, new Repetition(sequence(literal(" "), word), 3, 50))));
        grammars.put(
                "1000 choices",
                Grammar.of(new Expression.Alternatives(IntStream.range(0, 1000)
                        .mapToObj(i -> literal("choice number " + i))
                        .toList())));
        return grammars;
    }

    private static Expression string(int most) {
        return sequence(literal("\""), new Repetition(CHARACTER, 0, most), literal("\""));
    }

    private static Expression object(int properties, Expression value) {
        Expression[] parts = new Expression[properties + 1];
        for (int i = 0; i < properties; i++) {
            parts[i] = sequence(literal((i == 0 ? "{" : ",") + "\"property " + i + "\":"), value);
        }
        parts[properties] = literal("}");
        return sequence(parts);
    }

    private static Expression array(Expression item, int most) {
        return sequence(
                literal("["),
                optional(sequence(item, new Repetition(sequence(literal(","), item), 0, most - 1))),
                literal("]"));
    }

    private static Grammar any() {
        Expression value = new Reference(0);
        Expression string = new Reference(1);
        Expression member = sequence(string, literal(":"), value);
        return new Grammar(Arrays.asList(
                anyOf(
                        string,
                        NUMBER,
                        literal("true"),
                        literal("false"),
                        literal("null"),
                        array(value, 100),
                        sequence(
                                literal("{"),
                                optional(sequence(
                                        member,
                                        new Repetition(sequence(literal(","), member), 0, Expression.UNBOUNDED))),
                                literal("}"))),
                string(Expression.UNBOUNDED)));
    }
}
