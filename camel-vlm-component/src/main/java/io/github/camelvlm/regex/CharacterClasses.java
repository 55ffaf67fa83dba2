package io.github.camelvlm.regex;

import io.github.camelvlm.grammar.CodePoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/** The sets of characters that regular expressions name. */
public final class CharacterClasses {
    /** Those of decimal numbers: ASCII alone. */
    public static final CodePoints DIGITS = CodePoints.range('0', '9');

    static final CodePoints WORD =
            DIGITS.or(CodePoints.range('a', 'z')).or(CodePoints.range('A', 'Z')).or(CodePoints.range('_', '_'));
    static final CodePoints SPACE = CodePoints.of(" \t\n\u000B\f\r");

    /** What ends a line by ECMA-262 or by Java. */
    static final CodePoints LINE_ENDS = CodePoints.of("\n\r\u0085\u2028\u2029");

    /** What either ECMA-262 or Unicode calls white space. */
    static final CodePoints ANY_SPACE = CodePoints.range(0x09, 0x0D)
            .or(CodePoints.range(0x1C, 0x20))
            .or(CodePoints.of("\u0085\u00A0\u1680\u2028\u2029\u202F\u205F\u3000\uFEFF"))
            .or(CodePoints.range(0x2000, 0x200A));

    /** Python's, which are Unicode's. */
    static final CodePoints UNICODE_SPACE =
            ANY_SPACE.and(CodePoints.range(0xFEFF, 0xFEFF).not());

    static final CodePoints LINE_FEED = CodePoints.range('\n', '\n');

    private CharacterClasses() {}

    /** Found when they are first asked for, since that takes a while. */
    private static final class Categories {
        static final Map<String, CodePoints> ALL = categories();
        static final CodePoints WORD = ALL.get("L").or(ALL.get("N")).or(CodePoints.range('_', '_'));
    }

    /** Python's digits. */
    static CodePoints unicodeDigits() {
        return Categories.ALL.get("Nd");
    }

    /** Python's letters, digits and other numbers, and the low line. */
    static CodePoints unicodeWord() {
        return Categories.WORD;
    }

    /** The characters of a general category, such as {@code Lu} or {@code L}; null if there is none of that name. */
    static CodePoints category(String name) {
        return Categories.ALL.get(name);
    }

    private static Map<String, CodePoints> categories() {
        Map<String, CodePoints> categories = new TreeMap<>();
        Map<String, byte[]> types = Map.ofEntries(
                Map.entry("Lu", new byte[] {Character.UPPERCASE_LETTER}),
                Map.entry("Ll", new byte[] {Character.LOWERCASE_LETTER}),
                Map.entry("Lt", new byte[] {Character.TITLECASE_LETTER}),
                Map.entry("Lm", new byte[] {Character.MODIFIER_LETTER}),
                Map.entry("Lo", new byte[] {Character.OTHER_LETTER}),
                Map.entry("Nd", new byte[] {Character.DECIMAL_DIGIT_NUMBER}),
                Map.entry("Nl", new byte[] {Character.LETTER_NUMBER}),
                Map.entry("No", new byte[] {Character.OTHER_NUMBER}),
                Map.entry("M", new byte[] {
                    Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK
                }),
                Map.entry("P", new byte[] {
                    Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION
                }),
                Map.entry("S", new byte[] {
                    Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL, Character.MODIFIER_SYMBOL, Character.OTHER_SYMBOL
                }));
        types.forEach((name, of) ->
                categories.put(name, where(character -> isOneOf(Character.getType(character), of))));
        for (String group : List.of("L", "N")) {
            CodePoints all = categories.entrySet().stream()
                    .filter(category -> category.getKey().startsWith(group))
                    .map(Map.Entry::getValue)
                    .reduce(CodePoints.NONE, CodePoints::or);
            categories.put(group, all);
        }
        return categories;
    }

    private static boolean isOneOf(int type, byte[] types) {
        for (byte one : types) {
            if (type == one) {
                return true;
            }
        }
        return false;
    }

    private static CodePoints where(IntPredicate isIn) {
        List<int[]> ranges = new ArrayList<>();
        int first = -1;
        for (int character = 0; character <= Character.MAX_CODE_POINT + 1; character++) {
            boolean is = character <= Character.MAX_CODE_POINT && isIn.test(character);
            if (is && first < 0) {
                first = character;
            } else if (!is && first >= 0) {
                ranges.add(new int[] {first, character - 1});
                first = -1;
            }
        }
        return CodePoints.ofRanges(ranges);
    }
}
