package io.github.camelvlm.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * A range of numbers.
 *
 * @param least its beginning, or null if it has none
 * @param includesLeast whether that belongs to it
 * @param most its end, or null if it has none
 * @param includesMost whether that belongs to it
 */
record NumberBounds(BigDecimal least, boolean includesLeast, BigDecimal most, boolean includesMost) {
    static final NumberBounds NONE = new NumberBounds(null, true, null, true);

    /** What of it is above a number as well. */
    NumberBounds from(BigDecimal value, boolean includes) {
        int order = least == null ? 1 : value.compareTo(least);
        return order < 0 || order == 0 && includes ? this : new NumberBounds(value, includes, most, includesMost);
    }

    /** What of it is below a number as well. */
    NumberBounds to(BigDecimal value, boolean includes) {
        int order = most == null ? -1 : value.compareTo(most);
        return order > 0 || order == 0 && includes ? this : new NumberBounds(least, includesLeast, value, includes);
    }

    /** What of it is in another range too. */
    NumberBounds and(NumberBounds other) {
        NumberBounds both = other.least == null ? this : from(other.least, other.includesLeast);
        return other.most == null ? both : both.to(other.most, other.includesMost);
    }

    NumberBounds negated() {
        return new NumberBounds(
                most == null ? null : most.negate(),
                includesMost,
                least == null ? null : least.negate(),
                includesLeast);
    }

    /** What of it is not negative. */
    NumberBounds aboveZero(boolean includesZero) {
        return from(BigDecimal.ZERO, includesZero);
    }

    boolean isUnbounded() {
        return least == null && most == null;
    }

    /** Whether no number is in it. */
    boolean isEmpty() {
        if (least == null || most == null) {
            return false;
        }
        int order = least.compareTo(most);
        return order > 0 || order == 0 && !(includesLeast && includesMost);
    }

    boolean contains(BigDecimal value) {
        return !new NumberBounds(value, true, value, true).and(this).isEmpty();
    }

    /** The first whole number in it, or null if it has no beginning. */
    BigInteger firstInteger() {
        if (least == null) {
            return null;
        }
        BigInteger first = least.setScale(0, RoundingMode.CEILING).toBigInteger();
        boolean isItself = least.compareTo(new BigDecimal(first)) == 0;
        return isItself && !includesLeast ? first.add(BigInteger.ONE) : first;
    }

    /** The last whole number in it, or null if it has no end. */
    BigInteger lastInteger() {
        BigInteger last = negated().firstInteger();
        return last == null ? null : last.negate();
    }
}
