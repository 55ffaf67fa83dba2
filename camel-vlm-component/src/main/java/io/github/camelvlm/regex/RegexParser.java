package io.github.camelvlm.regex;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.grammar.CodePoints;
import io.github.camelvlm.grammar.Expression;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads regular expressions, as Python's {@code re} or as ECMA-262 has them. What looks around, refers back, or depends
 * on the order in which a machine tries things is refused: it is no matter of which texts match.
 */
public final class RegexParser {
    static final int LONGEST = 10_000;
    static final int DEEPEST = 50;

    /** What a class or an escape means. */
    public enum Dialect {
        /** Python's {@code re} with its Unicode classes. */
        PYTHON,
        /** ECMA-262, of which what others read differently is left out of the sets. */
        ECMA
    }

    private final String field;
    private final int[] pattern;
    private final Dialect dialect;
    private final RegexEscapes escapes;
    private int at;
    private int depth;

    private RegexParser(String field, String pattern, Dialect dialect) {
        this.field = field;
        this.pattern = pattern.codePoints().toArray();
        this.dialect = dialect;
        escapes = new RegexEscapes(this, dialect);
    }

    /**
     * Reads one.
     *
     * @param field what refusals call it
     * @throws InvalidRequestException if it is none, or is refused
     */
    public static Regex parse(String field, String pattern, Dialect dialect) {
        if (pattern.length() > LONGEST) {
            throw new InvalidRequestException(
                    field,
                    "is a regular expression of " + pattern.length() + " characters; the most served are " + LONGEST,
                    "unsupported_value");
        }
        RegexParser parser = new RegexParser(field, pattern, dialect);
        Regex regex = parser.union();
        if (!parser.isAtEnd()) {
            throw parser.broken("has an unbalanced ')'", parser.at);
        }
        return regex;
    }

    boolean isAtEnd() {
        return at == pattern.length;
    }

    int position() {
        return at;
    }

    boolean takes(int character) {
        if (isAtEnd() || pattern[at] != character) {
            return false;
        }
        at++;
        return true;
    }

    boolean lookingAt(String text) {
        int[] expected = text.codePoints().toArray();
        for (int i = 0; i < expected.length; i++) {
            if (at + i >= pattern.length || pattern[at + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    int next() {
        if (isAtEnd()) {
            throw broken("ends too early", at);
        }
        return pattern[at++];
    }

    InvalidRequestException broken(String problem, int position) {
        return new InvalidRequestException(
                field, "is no regular expression: it " + problem + " at position " + position);
    }

    InvalidRequestException unsupported(String construct, int position) {
        return new InvalidRequestException(
                field,
                "has " + construct + " at position " + position + ", which is not supported",
                "unsupported_value");
    }

    private Regex union() {
        if (++depth > DEEPEST) {
            throw unsupported("groups more than " + DEEPEST + " deep", at);
        }
        List<Regex> options = new ArrayList<>();
        do {
            options.add(chain());
        } while (takes('|'));
        depth--;
        return options.size() == 1 ? options.get(0) : new Regex.Union(options);
    }

    private Regex chain() {
        List<Regex> parts = new ArrayList<>();
        while (!isAtEnd() && pattern[at] != '|' && pattern[at] != ')') {
            parts.add(repeated());
        }
        return parts.size() == 1 ? parts.get(0) : new Regex.Chain(parts);
    }

    private Regex repeated() {
        int start = at;
        Regex atom = atom();
        int[] times = times();
        if (times == null) {
            return atom;
        }
        if (atom instanceof Regex.Anchor) {
            throw broken("has nothing to repeat", start);
        }
        // Of a lazy repetition other parts match, but the same texts as a whole.
        takes('?');
        if (!isAtEnd() && pattern[at] == '+') {
            throw unsupported("a possessive repetition", at);
        }
        int end = at;
        if (times() != null) {
            throw broken("repeats a repetition", end);
        }
        return new Regex.Repeat(atom, times[0], times[1]);
    }

    /** How often what stands before is repeated, or null if nothing is said of that. */
    private int[] times() {
        if (takes('*')) {
            return new int[] {0, Expression.UNBOUNDED};
        }
        if (takes('+')) {
            return new int[] {1, Expression.UNBOUNDED};
        }
        if (takes('?')) {
            return new int[] {0, 1};
        }
        int start = at;
        if (!takes('{')) {
            return null;
        }
        int least = number();
        int most = least;
        if (takes(',')) {
            most = number();
            most = most < 0 ? Expression.UNBOUNDED : most;
            least = least < 0 && dialect == Dialect.PYTHON ? 0 : least;
        }
        if (!takes('}') || least < 0) {
            // Braces around something else are characters.
            at = start;
            return null;
        }
        if (least > most) {
            throw broken("has a least number above the most", start);
        }
        if (least > Expression.MOST_REPETITIONS) {
            throw unsupported("a repetition of more than " + Expression.MOST_REPETITIONS + " times", start);
        }
        return new int[] {least, most > Expression.MOST_REPETITIONS ? Expression.UNBOUNDED : most};
    }

    /** Decimal digits, as far as they matter; -1 if there are none. */
    private int number() {
        int start = at;
        long value = 0;
        while (!isAtEnd() && pattern[at] >= '0' && pattern[at] <= '9') {
            value = Math.min(Expression.UNBOUNDED, 10 * value + pattern[at++] - '0');
        }
        return at == start ? -1 : (int) value;
    }

    private Regex atom() {
        int start = at;
        int character = next();
        return switch (character) {
            case '(' -> group(start);
            case '[' -> new Regex.Letter(characterClass(start));
            case '.' ->
                new Regex.Letter(
                        (dialect == Dialect.PYTHON ? CharacterClasses.LINE_FEED : CharacterClasses.LINE_ENDS).not());
            case '^' -> Regex.Anchor.START;
            case '$' -> dialect == Dialect.PYTHON ? Regex.Anchor.END_OR_LINE_FEED : Regex.Anchor.END;
            case '*', '+', '?' -> throw broken("has nothing to repeat", start);
            case '\\' -> escapes.atom(start);
            default -> new Regex.Letter(CodePoints.range(character, character));
        };
    }

    private Regex group(int start) {
        if (takes('?')) {
            head(start);
        }
        Regex inside = union();
        if (!takes(')')) {
            throw broken("lacks a ')' for the '('", start);
        }
        return inside;
    }

    private void head(int start) {
        int kind = next();
        if (kind == ':') {
            return;
        }
        boolean isPython = kind == 'P';
        if (isPython) {
            kind = next();
        }
        if (kind == '<' && !lookingAt("=") && !lookingAt("!") && isPython == (dialect == Dialect.PYTHON)) {
            int from = at;
            while (next() != '>') {
                if (!Character.isUnicodeIdentifierPart(pattern[at - 1]) && pattern[at - 1] != '_') {
                    throw broken("has a bad name of a group", from);
                }
            }
            if (at - 1 == from) {
                throw broken("has a group with an empty name", from);
            }
            return;
        }
        if (isPython) {
            throw unsupported("a back-reference", start);
        }
        throw switch (kind) {
            case '=', '!' -> unsupported("a look-ahead", start);
            case '<' -> unsupported("a look-behind", start);
            case '>' -> unsupported("an atomic group", start);
            case '(' -> unsupported("a conditional group", start);
            case '#' -> unsupported("a comment", start);
            default -> unsupported("flags", start);
        };
    }

    private CodePoints characterClass(int start) {
        boolean isNegated = takes('^');
        CodePoints set = CodePoints.NONE;
        boolean isFirst = true;
        while (true) {
            if (isAtEnd()) {
                throw broken("lacks a ']' for the '['", start);
            }
            if (!(isFirst && dialect == Dialect.PYTHON) && takes(']')) {
                return isNegated ? set.not() : set;
            }
            isFirst = false;
            int from = at;
            CodePoints one = member(isNegated);
            if (lookingAt("-") && at + 1 < pattern.length && pattern[at + 1] != ']') {
                at++;
                CodePoints other = member(isNegated);
                int first = single(one, from);
                int last = single(other, from);
                if (first > last) {
                    throw broken("has a range whose first character comes after its last", from);
                }
                one = CodePoints.range(first, last);
            }
            set = set.or(one);
        }
    }

    private CodePoints member(boolean isNegated) {
        int start = at;
        int character = next();
        return character == '\\' ? escapes.member(start, isNegated) : CodePoints.range(character, character);
    }

    private int single(CodePoints set, int position) {
        int[] ranges = set.ranges();
        if (ranges.length != 2 || ranges[0] != ranges[1]) {
            throw broken("has a range that does not go from a character to a character", position);
        }
        return ranges[0];
    }
}
