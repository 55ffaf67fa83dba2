package io.github.camelvlm.schema;

import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Arrays that schemas allow which hold together. */
final class SchemaArray {
    private final BranchShape shape;
    private final Function<List<Place>, Expression> value;
    private final Rules rules;

    SchemaArray(BranchShape shape, Function<List<Place>, Expression> value, Rules rules) {
        this.shape = shape;
        this.value = value;
        this.rules = rules;
    }

    Expression expression() {
        int least = shape.saying("minItems").stream()
                .mapToInt(place -> place.count("minItems", 0))
                .max()
                .orElse(0);
        int most = shape.saying("maxItems").stream()
                .mapToInt(place -> place.most("maxItems"))
                .min()
                .orElse(Expression.UNBOUNDED);
        int prefix = shape.saying("prefixItems").stream()
                .mapToInt(place -> place.get("prefixItems").size())
                .max()
                .orElse(0);
        List<Expression> first = new ArrayList<>();
        for (int i = 0; i < Math.min(prefix, most); i++) {
            first.add(item(i));
        }
        Expression rest = most > prefix ? item(prefix) : Expression.NOTHING;
        if (least > most || rest == Expression.NOTHING && least > first.size()) {
            return Expression.NOTHING;
        }
        return Expression.sequence(Expression.literal("["), items(first, rest, least, most), Expression.literal("]"));
    }

    private Expression item(int index) {
        List<Place> all = new ArrayList<>();
        for (Place place : shape.places()) {
            List<Place> prefix = place.list("prefixItems");
            if (index < prefix.size()) {
                all.add(prefix.get(index));
            } else if (place.has("items")) {
                all.add(place.at("items"));
            }
        }
        return value.apply(all);
    }

    private Expression items(List<Expression> first, Expression rest, int least, int most) {
        if (first.isEmpty()) {
            if (most == 0 || rest == Expression.NOTHING) {
                return Expression.EMPTY;
            }
            Expression list = JsonExpressions.list(rest, least, most);
            return least == 0 ? Expression.optional(list) : list;
        }
        int size = first.size();
        Expression tail = rest == Expression.NOTHING
                ? Expression.EMPTY
                : new Expression.Repetition(
                        Expression.sequence(JsonExpressions.COMMA, rest),
                        Math.max(0, least - size),
                        most == Expression.UNBOUNDED ? most : most - size);
        // From the last to the first: each is followed by what may follow it.
        for (int i = size - 1; i >= 0; i--) {
            Expression item = i == 0 ? first.get(0) : Expression.sequence(JsonExpressions.COMMA, first.get(i));
            Expression one = Expression.sequence(item, tail);
            tail = rules.add(i >= least ? Expression.optional(one) : one);
        }
        return tail;
    }
}
