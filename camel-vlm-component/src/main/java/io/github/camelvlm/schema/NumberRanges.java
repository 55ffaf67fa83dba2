package io.github.camelvlm.schema;

import io.github.camelvlm.grammar.CodePoints;
import io.github.camelvlm.regex.CharacterClasses;
import io.github.camelvlm.regex.Regex;
import io.github.camelvlm.regex.RegexParser;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Decimal numbers within bounds, digit by digit. */
final class NumberRanges {
    /** Digits of a whole number: as many as a reader that knows only doubles keeps. */
    static final int DIGITS = 15;
    /** Digits after the point. */
    static final int PLACES = 15;

    /** The largest whole number that is written. */
    static final BigInteger LARGEST = BigInteger.TEN.pow(DIGITS).subtract(BigInteger.ONE);

    /** Numbers without bounds: no reader that knows doubles finds one too large. */
    static final Regex ANY = RegexParser.parse(
            "number",
            "-?(0|[1-9]\\d{0," + (DIGITS - 1) + "})([.]\\d{1," + PLACES + "})?([eE][+-]?\\d{1,2})?",
            RegexParser.Dialect.ECMA);

    private static final Regex NOTHING = new Regex.Union(List.of());

    private NumberRanges() {}

    /** Whole numbers from one to another, which belong to them. */
    static Regex integers(BigInteger least, BigInteger most) {
        BigInteger low = least.max(LARGEST.negate());
        BigInteger high = most.min(LARGEST);
        List<Regex> options = new ArrayList<>();
        if (low.signum() < 0) {
            BigInteger smallest = high.signum() < 0 ? high.negate() : BigInteger.ONE;
            options.add(Regex.chain(Regex.text("-"), naturals(smallest, low.negate())));
        }
        if (high.signum() >= 0) {
            options.add(naturals(low.max(BigInteger.ZERO), high));
        }
        return new Regex.Union(options);
    }

    /**
     * Numbers within a range.
     *
     * @param places the most digits after the point
     */
    static Regex decimals(NumberBounds bounds, int places) {
        NumberBounds written =
                bounds.from(new BigDecimal(LARGEST).negate(), true).to(new BigDecimal(LARGEST), true);
        List<Regex> options = new ArrayList<>();
        NumberBounds negative = written.negated().aboveZero(false);
        if (!negative.isEmpty()) {
            options.add(Regex.chain(Regex.text("-"), magnitudes(negative, places)));
        }
        NumberBounds positive = written.aboveZero(true);
        if (!positive.isEmpty()) {
            options.add(magnitudes(positive, places));
        }
        return new Regex.Union(options);
    }

    private static Regex magnitudes(NumberBounds bounds, int places) {
        BigDecimal least = bounds.least();
        BigDecimal most = bounds.most();
        boolean includesMost = bounds.includesMost();
        BigInteger first = least.setScale(0, RoundingMode.FLOOR).toBigInteger();
        BigInteger last = most.setScale(0, RoundingMode.FLOOR).toBigInteger();
        String low = fraction(least);
        String high = fraction(most);
        if (first.equals(last)) {
            return chain(
                    naturals(first, first),
                    fractions(new Digits(low, bounds.includesLeast()), new Digits(high, includesMost), places));
        }
        List<Regex> options = new ArrayList<>();
        options.add(chain(naturals(first, first), fractions(new Digits(low, bounds.includesLeast()), null, places)));
        if (first.add(BigInteger.ONE).compareTo(last) < 0) {
            options.add(chain(
                    naturals(first.add(BigInteger.ONE), last.subtract(BigInteger.ONE)), fractions(null, null, places)));
        }
        options.add(chain(naturals(last, last), fractions(null, new Digits(high, includesMost), places)));
        return new Regex.Union(options);
    }

    private static Regex chain(Regex whole, Regex fraction) {
        return fraction.equals(NOTHING) ? NOTHING : Regex.chain(whole, fraction);
    }

    private static String fraction(BigDecimal value) {
        String plain = value.stripTrailingZeros().toPlainString();
        int point = plain.indexOf('.');
        return point < 0 ? "" : plain.substring(point + 1);
    }

    /** What stands after the point of a bound, and whether the bound itself belongs to the range. */
    private record Digits(String digits, boolean isIncluded) {
        boolean isZero() {
            return digits.isEmpty();
        }

        int first() {
            return digits.isEmpty() ? 0 : digits.charAt(0) - '0';
        }

        Digits rest() {
            return digits.isEmpty() ? this : new Digits(digits.substring(1), isIncluded);
        }
    }

    /** The point and what follows it, or nothing. */
    private static Regex fractions(Digits low, Digits high, int places) {
        List<Regex> options = new ArrayList<>();
        if (mayEnd(low, high)) {
            options.add(Regex.text(""));
        }
        if (places > 0) {
            Regex digits = digits(low, high, places);
            if (!digits.equals(NOTHING)) {
                options.add(Regex.chain(Regex.text("."), digits));
            }
        }
        return new Regex.Union(options);
    }

    private static boolean mayEnd(Digits low, Digits high) {
        return (low == null || low.isZero() && low.isIncluded())
                && (high == null || !high.isZero() || high.isIncluded());
    }

    /** At least one digit; null bounds are none. */
    private static Regex digits(Digits low, Digits high, int places) {
        if (low == null && high == null) {
            return new Regex.Repeat(new Regex.Letter(CharacterClasses.DIGITS), 1, places);
        }
        int from = low == null ? 0 : low.first();
        int to = high == null ? 9 : high.first();
        List<Regex> options = new ArrayList<>();
        for (int digit = from; digit <= to; ) {
            Digits nextLow = low != null && digit == from ? low.rest() : null;
            Digits nextHigh = high != null && digit == to ? high.rest() : null;
            int last = digit;
            if (nextLow == null && nextHigh == null) {
                last = high == null ? to : to - 1;
            }
            Regex rest = rest(nextLow, nextHigh, places - 1);
            if (!rest.equals(NOTHING)) {
                options.add(Regex.chain(letters(digit, last), rest));
            }
            digit = last + 1;
        }
        return new Regex.Union(options);
    }

    private static Regex rest(Digits low, Digits high, int places) {
        List<Regex> options = new ArrayList<>();
        if (mayEnd(low, high)) {
            options.add(Regex.text(""));
        }
        if (places > 0) {
            Regex digits = digits(low, high, places);
            if (!digits.equals(NOTHING)) {
                options.add(digits);
            }
        }
        return new Regex.Union(options);
    }

    private static Regex letters(int first, int last) {
        return new Regex.Letter(CodePoints.range('0' + first, '0' + last));
    }

    /** Whole numbers without a sign and without zeros before them. */
    private static Regex naturals(BigInteger least, BigInteger most) {
        List<Regex> options = new ArrayList<>();
        String low = least.toString();
        String high = most.toString();
        for (int length = low.length(); length <= high.length(); length++) {
            String from = length == low.length() ? low : "1" + "0".repeat(length - 1);
            String to = length == high.length() ? high : "9".repeat(length);
            options.add(sameLength(from, to));
        }
        return options.size() == 1 ? options.get(0) : new Regex.Union(options);
    }

    private static Regex sameLength(String low, String high) {
        if (low.equals("0".repeat(low.length())) && high.equals("9".repeat(low.length()))) {
            return new Regex.Repeat(new Regex.Letter(CharacterClasses.DIGITS), low.length(), low.length());
        }
        int first = low.charAt(0) - '0';
        int last = high.charAt(0) - '0';
        String lowRest = low.substring(1);
        String highRest = high.substring(1);
        if (lowRest.isEmpty()) {
            return letters(first, last);
        }
        if (first == last) {
            return Regex.chain(letters(first, first), sameLength(lowRest, highRest));
        }
        String zeros = "0".repeat(lowRest.length());
        String nines = "9".repeat(lowRest.length());
        int from = lowRest.equals(zeros) ? first : first + 1;
        int to = highRest.equals(nines) ? last : last - 1;
        List<Regex> options = new ArrayList<>();
        if (from > first) {
            options.add(Regex.chain(letters(first, first), sameLength(lowRest, nines)));
        }
        if (from <= to) {
            options.add(Regex.chain(letters(from, to), sameLength(zeros, nines)));
        }
        if (to < last) {
            options.add(Regex.chain(letters(last, last), sameLength(zeros, highRest)));
        }
        return new Regex.Union(options);
    }
}
