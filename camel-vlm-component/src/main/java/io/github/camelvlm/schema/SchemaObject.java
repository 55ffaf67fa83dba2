package io.github.camelvlm.schema;

import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Rules;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Objects that schemas allow which hold together: their properties in order, then others. */
final class SchemaObject {
    private final BranchShape shape;
    private final Function<List<Place>, Expression> value;
    private final JsonExpressions json;
    private final Rules rules;

    /** The name and the value of a property. */
    private record Property(Expression expression, boolean isRequired) {}

    SchemaObject(BranchShape shape, Function<List<Place>, Expression> value, JsonExpressions json, Rules rules) {
        this.shape = shape;
        this.value = value;
        this.json = json;
        this.rules = rules;
    }

    Expression expression() {
        Set<String> required = shape.required();
        Set<String> names = new LinkedHashSet<>(shape.properties());
        names.addAll(required);
        List<Property> properties = new ArrayList<>();
        for (String name : names) {
            Expression of = value.apply(shape.property(name));
            if (of != Expression.NOTHING) {
                properties.add(new Property(
                        Expression.sequence(JsonExpressions.text(name), JsonExpressions.COLON, of),
                        required.contains(name)));
            } else if (required.contains(name)) {
                return Expression.NOTHING;
            }
        }
        List<Place> others = new ArrayList<>();
        shape.saying("additionalProperties").forEach(place -> others.add(place.at("additionalProperties")));
        Expression other = value.apply(others);
        if (other != Expression.NOTHING) {
            other = rules.add(Expression.sequence(json.nameExcept(names), JsonExpressions.COLON, other));
        }
        return Expression.sequence(Expression.literal("{"), members(properties, other), Expression.literal("}"));
    }

    private Expression members(List<Property> properties, Expression other) {
        int fixed = 0;
        while (fixed < properties.size() && !properties.get(fixed).isRequired) {
            fixed++;
        }
        // Whatever comes first decides nothing but the comma before what follows it.
        List<Expression> firsts = new ArrayList<>();
        int last = Math.min(fixed, properties.size() - 1);
        Expression rest = rest(properties, last + 1, other);
        for (int i = last; i >= 0; i--) {
            firsts.add(0, Expression.sequence(properties.get(i).expression, rest));
            if (i > 0) {
                rest = rules.add(Expression.sequence(following(properties.get(i)), rest));
            }
        }
        if (fixed == properties.size()) {
            if (other != Expression.NOTHING) {
                firsts.add(JsonExpressions.list(other, 1, Expression.UNBOUNDED));
            }
            firsts.add(Expression.EMPTY);
        }
        return firsts.size() == 1 ? firsts.get(0) : new Expression.Alternatives(firsts);
    }

    /** What may follow when there is something before. */
    private Expression rest(List<Property> properties, int from, Expression other) {
        List<Expression> parts = new ArrayList<>();
        for (Property property : properties.subList(from, properties.size())) {
            parts.add(following(property));
        }
        if (other != Expression.NOTHING) {
            parts.add(new Expression.Repetition(
                    Expression.sequence(JsonExpressions.COMMA, other), 0, Expression.UNBOUNDED));
        }
        return rules.add(new Expression.Sequence(parts));
    }

    private static Expression following(Property property) {
        Expression member = Expression.sequence(JsonExpressions.COMMA, property.expression);
        return property.isRequired ? member : Expression.optional(member);
    }
}
