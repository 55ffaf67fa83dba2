package io.github.camelvlm.grammar;

import java.util.ArrayList;
import java.util.List;

/** How characters are written. */
public enum Letters {
    /** As themselves. */
    PLAIN {
        @Override
        public Expression of(CodePoints set) {
            return new Expression.Characters(set);
        }
    },
    /** Within a string of JSON, each in one way only. */
    JSON {
        @Override
        public Expression of(CodePoints set) {
            CodePoints plain = set.and(UNESCAPED);
            List<Expression> options = new ArrayList<>();
            if (!plain.isEmpty()) {
                options.add(new Expression.Characters(plain));
            }
            int[] ranges = set.and(UNESCAPED.not()).ranges();
            for (int i = 0; i < ranges.length; i += 2) {
                for (int character = ranges[i]; character <= ranges[i + 1]; character++) {
                    options.add(new Expression.Literal(escape(character)));
                }
            }
            return options.size() == 1 ? options.get(0) : new Expression.Alternatives(options);
        }
    };

    /** What a string of JSON may hold as it is. */
    public static final CodePoints UNESCAPED =
            CodePoints.range(0, 0x1F).or(CodePoints.of("\"\\")).not();

    private static final Expression HEX = new Expression.Characters(CodePoints.of("0123456789abcdefABCDEF"));
    private static final Expression NOT_D = new Expression.Characters(CodePoints.of("0123456789abcefABCEF"));
    private static final Expression D = new Expression.Characters(CodePoints.of("dD"));

    /** A character of a string of JSON, in any of the ways in which it can be written. */
    public static final Expression ANY = Expression.anyOf(
            new Expression.Characters(UNESCAPED),
            Expression.sequence(
                    Expression.literal("\\"),
                    Expression.anyOf(
                            new Expression.Characters(CodePoints.of("\"\\/bfnrt")),
                            Expression.sequence(Expression.literal("u"), unit()))));

    /** One character of a set, so written. */
    public abstract Expression of(CodePoints set);

    /** The digits of a character, or of both halves of one. */
    private static Expression unit() {
        Expression low = Expression.sequence(
                Expression.literal("\\u"), D, new Expression.Characters(CodePoints.of("cdefCDEF")), HEX, HEX);
        return Expression.anyOf(
                Expression.sequence(NOT_D, HEX, HEX, HEX),
                Expression.sequence(D, new Expression.Characters(CodePoints.of("01234567")), HEX, HEX),
                Expression.sequence(D, new Expression.Characters(CodePoints.of("89abAB")), HEX, HEX, low));
    }

    /** A text within a string of JSON. */
    public static String escaped(String text) {
        StringBuilder written = new StringBuilder();
        text.codePoints().forEach(character -> {
            if (UNESCAPED.contains(character)) {
                written.appendCodePoint(character);
            } else {
                written.append(escape(character));
            }
        });
        return written.toString();
    }

    private static String escape(int character) {
        return switch (character) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format("\\u%04x", character);
        };
    }
}
