package io.github.camelvlm.schema;

import io.github.camelvlm.chat.InvalidRequestException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Follows references and takes combinations apart: schemas that are to hold together become branches of which one is to
 * hold, each a list of schemas whose own keywords are to hold together.
 */
final class SchemaBranches {
    private final SchemaDocument document;
    private final Set<Integer> checked = new HashSet<>();
    private final Set<Integer> active = new HashSet<>();
    private int steps;

    SchemaBranches(SchemaDocument document) {
        this.document = document;
    }

    /**
     * The branches of schemas that are to hold together.
     *
     * @throws InvalidRequestException if something is not served, or there are too many
     */
    List<List<Place>> of(List<Place> places) {
        List<List<Place>> branches = List.of(List.of());
        for (Place place : places) {
            branches = both(branches, of(place), place);
        }
        return branches;
    }

    private List<List<Place>> of(Place place) {
        if (++steps > Bounds.MOST_STEPS) {
            throw new InvalidRequestException(
                    place.path(), "makes the schema too large: its parts come together too often", "unsupported_value");
        }
        if (place.node().isBoolean()) {
            return place.node().booleanValue() ? List.of(List.of()) : List.of();
        }
        int number = document.number(place);
        if (checked.add(number)) {
            SchemaKeywords.check(place, place.node() == document.root().node());
        }
        if (!active.add(number)) {
            throw new InvalidRequestException(place.path(), "refers to itself without end");
        }
        List<List<Place>> branches = List.of(List.of(place));
        if (place.has("$ref")) {
            branches = both(branches, of(document.referred(place)), place);
        }
        for (Place part : place.list("allOf")) {
            branches = both(branches, of(part), part);
        }
        if (place.has("anyOf")) {
            List<List<Place>> options = new ArrayList<>();
            place.list("anyOf").forEach(option -> options.addAll(of(option)));
            branches = both(branches, options, place);
        }
        if (place.has("oneOf")) {
            branches = both(branches, oneOf(place), place);
        }
        active.remove(number);
        return branches;
    }

    private List<List<Place>> oneOf(Place place) {
        List<List<List<Place>>> options =
                place.list("oneOf").stream().map(this::of).toList();
        List<List<BranchShape>> shapes = options.stream()
                .map(option -> option.stream()
                        .map(branch -> new BranchShape(joined(List.of(place), branch)))
                        .toList())
                .toList();
        for (int i = 0; i < options.size(); i++) {
            for (int j = i + 1; j < options.size(); j++) {
                for (BranchShape one : shapes.get(i)) {
                    for (BranchShape other : shapes.get(j)) {
                        if (!BranchDifference.isCertain(one, other)) {
                            throw place.unsupported(
                                    "oneOf",
                                    "branches " + i + " and " + j + " are not told apart by their type or by a const or"
                                            + " enum; anyOf is served");
                        }
                    }
                }
            }
        }
        List<List<Place>> all = new ArrayList<>();
        options.forEach(all::addAll);
        return all;
    }

    private List<List<Place>> both(List<List<Place>> some, List<List<Place>> others, Place place) {
        if ((long) some.size() * others.size() > Bounds.MOST_BRANCHES) {
            throw new InvalidRequestException(
                    place.path(),
                    "has too many combinations of anyOf and oneOf; the most served are " + Bounds.MOST_BRANCHES,
                    "unsupported_value");
        }
        List<List<Place>> both = new ArrayList<>();
        for (List<Place> one : some) {
            for (List<Place> other : others) {
                both.add(joined(one, other));
            }
        }
        steps += both.size();
        return both;
    }

    private static List<Place> joined(List<Place> some, List<Place> others) {
        List<Place> joined = new ArrayList<>(some);
        joined.addAll(others);
        return joined;
    }
}
