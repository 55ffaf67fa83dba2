package io.github.camelvlm.regex;

import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Letters;

/** Writes regular expressions without anchors as expressions of a grammar. */
public final class RegexExpression {
    private RegexExpression() {}

    /**
     * The texts that match as a whole.
     *
     * @param letters how a character is written
     */
    public static Expression of(Regex regex, Letters letters) {
        if (regex instanceof Regex.Letter letter) {
            return letters.of(letter.set());
        }
        if (regex instanceof Regex.Chain chain) {
            return new Expression.Sequence(
                    chain.parts().stream().map(part -> of(part, letters)).toList());
        }
        if (regex instanceof Regex.Union union) {
            return new Expression.Alternatives(
                    union.options().stream().map(option -> of(option, letters)).toList());
        }
        if (regex instanceof Regex.Repeat repeat) {
            return new Expression.Repetition(of(repeat.part(), letters), repeat.least(), repeat.most());
        }
        throw new IllegalArgumentException("an anchor");
    }
}
