package io.github.camelvlm.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Grammar;
import io.github.camelvlm.grammar.GrammarTooLargeException;
import io.github.camelvlm.grammar.Rules;
import io.github.camelvlm.grammar.Satisfiability;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a grammar of a JSON Schema: one rule for each set of schemas that are to hold together at a place of the answer.
 * What such a set forbids altogether is left out where it can be, and refused where nothing would be left.
 */
public final class SchemaGrammar {
    private final String field;
    private final SchemaDocument document;
    private final SchemaBranches branches;
    private final Rules rules = new Rules();
    private final JsonExpressions json = new JsonExpressions(rules);
    private final SchemaScalars scalars = new SchemaScalars(json, rules);
    private final Map<List<Integer>, Integer> known = new HashMap<>();
    private final Deque<Pending> pending = new ArrayDeque<>();

    /** What can be no value, the first that was found; null as long as none was. */
    private InvalidRequestException contradiction;

    private record Pending(int rule, List<Place> places) {}

    private SchemaGrammar(String field, SchemaDocument document) {
        this.field = field;
        this.document = document;
        branches = new SchemaBranches(document);
    }

    /**
     * The texts that are valid.
     *
     * @param field what refusals call the schema
     * @throws InvalidRequestException if it is no schema, asks for something that is not served, is too large, or no text
     *     is valid; the field is the path of what is at fault
     */
    public static Grammar of(String field, String schema) {
        return of(field, schema, List.of());
    }

    /** The same, of those texts that are objects. */
    public static Grammar ofObjects(String field, String schema) {
        Place object = new Place(JsonNodeFactory.instance.objectNode().put("type", "object"), field);
        return of(field, schema, List.of(object));
    }

    private static Grammar of(String field, String schema, List<Place> further) {
        SchemaGrammar grammar = new SchemaGrammar(field, new SchemaDocument(field, schema));
        try {
            return grammar.grammar(further);
        } catch (GrammarTooLargeException e) {
            throw new InvalidRequestException(field, e.getMessage(), "unsupported_value");
        }
    }

    private Grammar grammar(List<Place> further) {
        // The first rule describes the whole text.
        List<Place> places = new ArrayList<>(List.of(document.root()));
        places.addAll(further);
        int whole = rules.reserve(1);
        rules.set(whole, value(places));
        while (!pending.isEmpty()) {
            Pending next = pending.poll();
            List<Expression> options = new ArrayList<>();
            for (List<Place> branch : branches.of(next.places)) {
                options.addAll(branch(distinct(branch)));
            }
            rules.set(next.rule, options.size() == 1 ? options.get(0) : new Expression.Alternatives(options));
        }
        Grammar grammar = rules.grammar();
        if (!Satisfiability.isSatisfiable(grammar)) {
            throw contradiction != null
                    ? contradiction
                    : new InvalidRequestException(field, "is a schema that nothing satisfies");
        }
        return grammar;
    }

    /** The rule of a value for which schemas hold together. */
    private Expression value(List<Place> places) {
        List<Place> saying = places.stream().filter(place -> !isTrue(place)).toList();
        if (saying.isEmpty()) {
            return json.any(Bounds.DEEPEST_FREE_JSON);
        }
        if (saying.stream().anyMatch(SchemaGrammar::isFalse)) {
            return Expression.NOTHING;
        }
        List<Integer> key =
                saying.stream().map(document::number).distinct().sorted().toList();
        Integer rule = known.get(key);
        if (rule == null) {
            rule = rules.reserve(1);
            known.put(key, rule);
            pending.add(new Pending(rule, saying));
        }
        return new Expression.Reference(rule);
    }

    private static boolean isTrue(Place place) {
        return place.node().isBoolean() && place.node().booleanValue();
    }

    private static boolean isFalse(Place place) {
        return place.node().isBoolean() && !place.node().booleanValue();
    }

    private List<Place> distinct(List<Place> places) {
        Map<Integer, Place> distinct = new LinkedHashMap<>();
        places.forEach(place -> distinct.putIfAbsent(document.number(place), place));
        return List.copyOf(distinct.values());
    }

    private List<Expression> branch(List<Place> places) {
        BranchShape shape = new BranchShape(places);
        if (shape.types().size() == JsonType.values().length
                && shape.saying(
                                "properties",
                                "required",
                                "additionalProperties",
                                "items",
                                "prefixItems",
                                "minItems",
                                "maxItems",
                                "minLength",
                                "maxLength",
                                "pattern",
                                "format",
                                "multipleOf",
                                "enum",
                                "const")
                        .isEmpty()
                && shape.bounds().isUnbounded()) {
            return List.of(json.any(Bounds.DEEPEST_FREE_JSON));
        }
        List<Expression> options = new ArrayList<>();
        if (shape.values() != null) {
            options.addAll(scalars.values(shape));
        } else {
            for (JsonType type : shape.types()) {
                Expression option = of(type, shape);
                if (option != Expression.NOTHING) {
                    options.add(option);
                }
            }
        }
        if (options.isEmpty() && contradiction == null && !places.isEmpty()) {
            Place last = places.get(places.size() - 1);
            contradiction = new InvalidRequestException(
                    last.path(), "is satisfied by nothing, together with what else is said of the same value");
        }
        return options;
    }

    private Expression of(JsonType type, BranchShape shape) {
        return switch (type) {
            case NULL -> Expression.literal("null");
            case BOOLEAN -> Expression.anyOf(Expression.literal("true"), Expression.literal("false"));
            // Where fractions are allowed, their expression has the whole numbers as well.
            case INTEGER -> shape.types().contains(JsonType.FRACTION) ? Expression.NOTHING : scalars.integer(shape);
            case FRACTION -> shape.types().contains(JsonType.INTEGER) ? scalars.number(shape) : Expression.NOTHING;
            case STRING -> scalars.string(shape);
            case ARRAY -> new SchemaArray(shape, this::value, rules).expression();
            case OBJECT -> new SchemaObject(shape, this::value, json, rules).expression();
        };
    }
}
