package io.github.camelvlm.regex;

import io.github.camelvlm.grammar.CodePoints;

/** What a backslash and what follows it mean in a regular expression. */
final class RegexEscapes {
    private final RegexParser parser;
    private final RegexParser.Dialect dialect;

    RegexEscapes(RegexParser parser, RegexParser.Dialect dialect) {
        this.parser = parser;
        this.dialect = dialect;
    }

    private boolean isPython() {
        return dialect == RegexParser.Dialect.PYTHON;
    }

    /** Outside a class; the backslash at {@code start} has been read. */
    Regex atom(int start) {
        if (isPython() && parser.takes('A')) {
            return Regex.Anchor.START;
        }
        if (isPython() && parser.takes('Z')) {
            return Regex.Anchor.END;
        }
        if (parser.takes('b') || parser.takes('B')) {
            throw parser.unsupported("a word boundary", start);
        }
        if (!isPython() && parser.lookingAt("k<")) {
            throw parser.unsupported("a back-reference", start);
        }
        for (char digit = '1'; digit <= '9'; digit++) {
            if (parser.takes(digit)) {
                throw parser.unsupported("a back-reference", start);
            }
        }
        return new Regex.Letter(set(start, false));
    }

    /** Within a class; the backslash at {@code start} has been read. */
    CodePoints member(int start, boolean isNegated) {
        if (parser.takes('b')) {
            return CodePoints.of("\b");
        }
        if (!isPython() && parser.takes('-')) {
            return CodePoints.of("-");
        }
        return set(start, isNegated);
    }

    /** @param isNegated whether it is to hold all that any engine takes for a member, since the rest is meant */
    private CodePoints set(int start, boolean isNegated) {
        int character = parser.next();
        return switch (character) {
            case 'd' -> digits();
            case 'D' -> digits().not();
            case 'w' -> word();
            case 'W' -> word().not();
            case 's' -> space(isNegated);
            case 'S' -> space(!isNegated).not();
            case 'n' -> CodePoints.of("\n");
            case 'r' -> CodePoints.of("\r");
            case 't' -> CodePoints.of("\t");
            case 'f' -> CodePoints.of("\f");
            case 'v' -> CodePoints.of("\u000B");
            case 'x' -> hex(start, 2);
            case 'u' -> unicode(start);
            case '0' -> isPython() ? octal(start, 0, 2) : CodePoints.range(0, 0);
            default -> other(start, character);
        };
    }

    private CodePoints other(int start, int character) {
        if (isPython()) {
            if (character == 'a') {
                return CodePoints.range(7, 7);
            }
            if (character == 'U') {
                return hex(start, 8);
            }
            if (character >= '1' && character <= '7') {
                return octal(start, character - '0', 2);
            }
        } else if (character == 'p' || character == 'P') {
            CodePoints category = category(start);
            return character == 'p' ? category : category.not();
        } else if (character == 'c') {
            int letter = parser.next();
            if (isLetter(letter)) {
                return CodePoints.range(letter % 32, letter % 32);
            }
        }
        if (isLetter(character) || character >= '0' && character <= '9') {
            throw parser.unsupported("the escape \\" + Character.toString(character), start);
        }
        return CodePoints.range(character, character);
    }

    private static boolean isLetter(int character) {
        return character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z';
    }

    private CodePoints digits() {
        return isPython() ? CharacterClasses.unicodeDigits() : CharacterClasses.DIGITS;
    }

    private CodePoints word() {
        return isPython() ? CharacterClasses.unicodeWord() : CharacterClasses.WORD;
    }

    private CodePoints space(boolean isWide) {
        if (isPython()) {
            return CharacterClasses.UNICODE_SPACE;
        }
        return isWide ? CharacterClasses.ANY_SPACE : CharacterClasses.SPACE;
    }

    private CodePoints category(int start) {
        if (!parser.takes('{')) {
            throw parser.broken("lacks the name of a category", start);
        }
        StringBuilder name = new StringBuilder();
        int character;
        while ((character = parser.next()) != '}') {
            name.appendCodePoint(character);
        }
        CodePoints category = CharacterClasses.category(name.toString());
        if (category == null) {
            throw parser.unsupported("a category other than L, Lu, Ll, Lt, Lm, Lo, M, N, Nd, Nl, No, P and S", start);
        }
        return category;
    }

    private CodePoints unicode(int start) {
        if (!isPython() && parser.takes('{')) {
            int value = 0;
            while (!parser.takes('}')) {
                value = Math.min(16 * value + digit(), Character.MAX_CODE_POINT + 1);
            }
            return character(start, value);
        }
        int value = value(4);
        if (Character.isHighSurrogate((char) value) && !isPython() && parser.lookingAt("\\u")) {
            parser.next();
            parser.next();
            int low = value(4);
            if (Character.isLowSurrogate((char) low)) {
                value = Character.toCodePoint((char) value, (char) low);
            }
        }
        return character(start, value);
    }

    private CodePoints hex(int start, int digits) {
        return character(start, value(digits));
    }

    private CodePoints character(int start, int value) {
        if (!Character.isValidCodePoint(value)
                || value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE) {
            throw parser.unsupported("an escape of no character", start);
        }
        return CodePoints.range(value, value);
    }

    private int value(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            value = 16 * value + digit();
        }
        return value;
    }

    private int digit() {
        int position = parser.position();
        int digit = Character.digit(parser.next(), 16);
        if (digit < 0) {
            throw parser.broken("has a bad escape", position);
        }
        return digit;
    }

    private CodePoints octal(int start, int first, int most) {
        int value = first;
        for (int i = 0; i < most; i++) {
            int digit = -1;
            for (char next = '0'; next <= '7' && digit < 0; next++) {
                digit = parser.takes(next) ? next - '0' : -1;
            }
            if (digit < 0) {
                break;
            }
            value = 8 * value + digit;
        }
        return character(start, value);
    }
}
