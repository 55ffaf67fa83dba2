package io.github.camelvlm.grammar;

import java.util.List;
import java.util.Objects;

/** What the texts of a language are made of. */
public sealed interface Expression {

    /** The {@link Repetition#most} of what may be repeated for ever. */
    int UNBOUNDED = Integer.MAX_VALUE;

    /** No answer has so many characters or items: from here on a most is no bound, and a least is refused. */
    int MOST_REPETITIONS = 1_000_000;

    /** The empty text alone. */
    Expression EMPTY = new Literal("");

    /** No text at all. */
    Expression NOTHING = new Alternatives(List.of());

    /**
     * One text.
     *
     * @param text whole characters
     */
    record Literal(String text) implements Expression {
        public Literal {
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * One character.
     *
     * @param set those that it may be
     */
    record Characters(CodePoints set) implements Expression {
        public Characters {
            Objects.requireNonNull(set, "set");
        }
    }

    /**
     * One after the other.
     *
     * @param parts what follows what
     */
    record Sequence(List<Expression> parts) implements Expression {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /**
     * One of several.
     *
     * @param options what there is to choose from
     */
    record Alternatives(List<Expression> options) implements Expression {
        public Alternatives {
            options = List.copyOf(options);
        }
    }

    /**
     * The same several times.
     *
     * @param part what is repeated
     * @param least the fewest times
     * @param most the most times, or {@link #UNBOUNDED}
     */
    record Repetition(Expression part, int least, int most) implements Expression {
        /** @throws IllegalArgumentException if the least is negative or above the most */
        public Repetition {
            Objects.requireNonNull(part, "part");
            if (least < 0 || least > most) {
                throw new IllegalArgumentException("repeated " + least + " to " + most + " times");
            }
        }
    }

    /**
     * What a rule of the {@link Grammar} says, which may come to refer to itself.
     *
     * @param rule its index
     */
    record Reference(int rule) implements Expression {}

    /** One after the other. */
    static Expression sequence(Expression... parts) {
        return new Sequence(List.of(parts));
    }

    /** One of several. */
    static Expression anyOf(Expression... options) {
        return new Alternatives(List.of(options));
    }

    /** This or nothing. */
    static Expression optional(Expression part) {
        return new Repetition(part, 0, 1);
    }

    static Expression literal(String text) {
        return new Literal(text);
    }
}
