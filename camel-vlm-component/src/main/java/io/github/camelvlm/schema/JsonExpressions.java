package io.github.camelvlm.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.grammar.CodePoints;
import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.GrammarTooLargeException;
import io.github.camelvlm.grammar.Letters;
import io.github.camelvlm.grammar.Rules;
import io.github.camelvlm.regex.RegexExpression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The texts of JSON that no schema says more of. White space is one space after a colon or a comma, or none. */
final class JsonExpressions {
    static final Expression COLON =
            Expression.sequence(Expression.literal(":"), Expression.optional(Expression.literal(" ")));
    static final Expression COMMA =
            Expression.sequence(Expression.literal(","), Expression.optional(Expression.literal(" ")));
    static final Expression QUOTE = Expression.literal("\"");

    private final Rules rules;
    private final Map<Object, Expression> shared = new HashMap<>();

    JsonExpressions(Rules rules) {
        this.rules = rules;
    }

    /** One rule for all places that ask for the same. */
    Expression shared(Object key, Supplier<Expression> expression) {
        Expression known = shared.get(key);
        if (known == null) {
            known = rules.add(expression.get());
            shared.put(key, known);
        }
        return known;
    }

    /** A string of a number of characters. */
    Expression string(int least, int most) {
        return shared(
                List.of("string", least, most),
                () -> Expression.sequence(QUOTE, new Expression.Repetition(Letters.ANY, least, most), QUOTE));
    }

    /** A number without bounds. */
    Expression number() {
        return shared("number", () -> RegexExpression.of(NumberRanges.ANY, Letters.PLAIN));
    }

    /** Any value, with objects and arrays up to a depth. */
    Expression any(int depth) {
        return shared(List.of("any", depth), () -> {
            List<Expression> options = new ArrayList<>(List.of(
                    Expression.literal("null"),
                    Expression.literal("true"),
                    Expression.literal("false"),
                    string(0, Expression.UNBOUNDED),
                    number()));
            if (depth > 0) {
                options.add(array(depth));
                options.add(object(depth));
            }
            return new Expression.Alternatives(options);
        });
    }

    /** Any array, with objects and arrays up to a depth, itself included. */
    Expression array(int depth) {
        return shared(List.of("array", depth), () -> {
            Expression item = any(depth - 1);
            return enclosed("[", item, "]");
        });
    }

    /** Any object, with objects and arrays up to a depth, itself included. */
    Expression object(int depth) {
        return shared(
                List.of("object", depth), () -> enclosed("{", Expression.sequence(name(), COLON, any(depth - 1)), "}"));
    }

    private static Expression enclosed(String before, Expression part, String after) {
        return Expression.sequence(
                Expression.literal(before),
                Expression.optional(list(part, 1, Expression.UNBOUNDED)),
                Expression.literal(after));
    }

    /** The same several times, at least once, with commas. */
    static Expression list(Expression part, int least, int most) {
        int more = most == Expression.UNBOUNDED ? most : most - 1;
        return Expression.sequence(
                part, new Expression.Repetition(Expression.sequence(COMMA, part), Math.max(0, least - 1), more));
    }

    private Expression name() {
        return shared(
                "name",
                () -> Expression.sequence(
                        QUOTE,
                        new Expression.Repetition(Letters.JSON.of(CodePoints.ALL), 0, Expression.UNBOUNDED),
                        QUOTE));
    }

    /** The name of a property that is none of some others. */
    Expression nameExcept(Iterable<String> names) {
        List<Map<Integer, Integer>> children = new ArrayList<>(List.of(new TreeMap<>()));
        List<Boolean> ends = new ArrayList<>(List.of(false));
        for (String name : names) {
            int at = 0;
            for (int character : name.codePoints().toArray()) {
                Integer next = children.get(at).get(character);
                if (next == null) {
                    next = children.size();
                    children.get(at).put(character, next);
                    children.add(new TreeMap<>());
                    ends.add(false);
                    if (next > Rules.MOST) {
                        throw new GrammarTooLargeException("has too many names of properties beside further ones");
                    }
                }
                at = next;
            }
            ends.set(at, true);
        }
        if (children.size() == 1 && !ends.get(0)) {
            return name();
        }
        Expression anything = new Expression.Repetition(Letters.JSON.of(CodePoints.ALL), 0, Expression.UNBOUNDED);
        Expression rest = shared("rest of a name", () -> Expression.sequence(anything, QUOTE));
        int base = rules.reserve(children.size());
        for (int node = 0; node < children.size(); node++) {
            List<Expression> options = new ArrayList<>();
            List<int[]> known = new ArrayList<>();
            children.get(node).forEach((character, child) -> {
                known.add(new int[] {character, character});
                options.add(Expression.sequence(
                        Letters.JSON.of(CodePoints.range(character, character)),
                        new Expression.Reference(base + child)));
            });
            CodePoints others = CodePoints.ofRanges(known).not();
            options.add(Expression.sequence(new Expression.Characters(others.and(Letters.UNESCAPED)), rest));
            CodePoints escaped = others.and(Letters.UNESCAPED.not());
            options.add(shared(
                    List.of("escaped in a name", escaped), () -> Expression.sequence(Letters.JSON.of(escaped), rest)));
            if (!ends.get(node)) {
                options.add(QUOTE);
            }
            rules.set(base + node, new Expression.Alternatives(options));
        }
        return Expression.sequence(QUOTE, new Expression.Reference(base));
    }

    /** One string, in the usual way. */
    static Expression text(String text) {
        return Expression.literal('"' + Letters.escaped(text) + '"');
    }

    /** One value, its properties in order. */
    static Expression value(JsonNode value) {
        if (value.isTextual()) {
            return text(value.textValue());
        }
        if (!value.isContainerNode()) {
            return Expression.literal(value.toString());
        }
        List<Expression> parts = new ArrayList<>();
        parts.add(Expression.literal(value.isArray() ? "[" : "{"));
        if (value.isArray()) {
            value.forEach(item -> add(value(item), parts));
        } else {
            value.properties()
                    .forEach(field ->
                            add(Expression.sequence(text(field.getKey()), COLON, value(field.getValue())), parts));
        }
        parts.add(Expression.literal(value.isArray() ? "]" : "}"));
        return new Expression.Sequence(parts);
    }

    private static void add(Expression part, List<Expression> parts) {
        if (parts.size() > 1) {
            parts.add(COMMA);
        }
        parts.add(part);
    }
}
