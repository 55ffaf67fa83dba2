package io.github.camelvlm.regex;

import io.github.camelvlm.grammar.CodePoints;
import io.github.camelvlm.grammar.Expression;
import java.util.ArrayList;
import java.util.List;

/** What regular expressions are made of. */
public sealed interface Regex {
    /** Any text. */
    Regex ANYTHING = new Repeat(new Letter(CodePoints.ALL), 0, Expression.UNBOUNDED);

    /** One character of a set. */
    record Letter(CodePoints set) implements Regex {}

    /** One after the other; none is the empty text. */
    record Chain(List<Regex> parts) implements Regex {
        public Chain {
            parts = List.copyOf(parts);
        }
    }

    /** One of several. */
    record Union(List<Regex> options) implements Regex {
        public Union {
            options = List.copyOf(options);
        }
    }

    /** The same several times; {@code most} may be {@link Expression#UNBOUNDED}. */
    record Repeat(Regex part, int least, int most) implements Regex {}

    /** A place in the text. */
    enum Anchor implements Regex {
        /** Where it begins. */
        START,
        /** Where it ends. */
        END,
        /** Where it ends, or before the line feed that it ends with. */
        END_OR_LINE_FEED
    }

    static Regex chain(Regex... parts) {
        return new Chain(List.of(parts));
    }

    static Regex union(Regex... options) {
        return new Union(List.of(options));
    }

    static Regex optional(Regex part) {
        return new Repeat(part, 0, 1);
    }

    /** One text. */
    static Regex text(String text) {
        return new Chain(text.codePoints()
                .<Regex>mapToObj(character -> new Letter(CodePoints.range(character, character)))
                .toList());
    }

    /** Whether it asks for places. */
    default boolean hasAnchors() {
        if (this instanceof Chain chain) {
            return chain.parts.stream().anyMatch(Regex::hasAnchors);
        }
        if (this instanceof Union union) {
            return union.options.stream().anyMatch(Regex::hasAnchors);
        }
        return this instanceof Anchor || this instanceof Repeat repeat && repeat.part.hasAnchors();
    }

    /** Of the texts in which it is found somewhere, an expression that matches them as a whole. */
    default Regex found() {
        if (this instanceof Union union) {
            return new Union(union.options.stream().map(Regex::found).toList());
        }
        List<Regex> parts = new ArrayList<>(this instanceof Chain chain ? chain.parts : List.of(this));
        if (parts.isEmpty() || parts.get(0) != Anchor.START) {
            parts.add(0, ANYTHING);
        }
        if (parts.get(parts.size() - 1) != Anchor.END) {
            parts.add(ANYTHING);
        }
        return new Chain(parts);
    }

    /** The same without the places that a match as a whole begins and ends at anyway. */
    default Regex trimmed() {
        if (this instanceof Union union) {
            return new Union(union.options.stream().map(Regex::trimmed).toList());
        }
        if (this instanceof Chain chain) {
            int from = 0;
            int to = chain.parts.size();
            while (from < to && chain.parts.get(from) == Anchor.START) {
                from++;
            }
            while (to > from && chain.parts.get(to - 1) instanceof Anchor anchor && anchor != Anchor.START) {
                to--;
            }
            List<Regex> parts = chain.parts.subList(from, to);
            return parts.size() == 1 ? parts.get(0).trimmed() : new Chain(parts);
        }
        return this instanceof Anchor ? new Chain(List.of()) : this;
    }
}
