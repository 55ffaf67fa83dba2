package io.github.camelvlm.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.GrammarTooLargeException;
import io.github.camelvlm.grammar.Letters;
import io.github.camelvlm.grammar.Rules;
import io.github.camelvlm.regex.Regex;
import io.github.camelvlm.regex.RegexExpression;
import io.github.camelvlm.regex.RegexMachine;
import io.github.camelvlm.regex.RegexParser;
import io.github.camelvlm.regex.TextLanguage;
import io.github.camelvlm.regex.TextProduct;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Numbers, strings and listed values that schemas allow which hold together. */
final class SchemaScalars {
    /** Multiples up to so many are listed. */
    private static final int MOST_LISTED = 2_000;
    /** The largest divisor of numbers that are not listed. */
    private static final int LARGEST_DIVISOR = 1_000;

    private final JsonExpressions json;
    private final Rules rules;

    SchemaScalars(JsonExpressions json, Rules rules) {
        this.json = json;
        this.rules = rules;
    }

    /** The listed values that all else allows. */
    List<Expression> values(BranchShape shape) {
        List<TextLanguage> languages = null;
        List<Expression> allowed = new ArrayList<>();
        for (JsonNode value : shape.values().values()) {
            boolean isAllowed = true;
            if (value.isNumber()) {
                isAllowed = shape.bounds().contains(value.decimalValue()) && isMultiple(value.decimalValue(), shape);
            } else if (value.isTextual()) {
                languages = languages == null ? languages(shape) : languages;
                isAllowed = TextProduct.matches(languages, value.textValue());
            } else if (value.isContainerNode()) {
                requireNothingElse(value, shape);
            }
            if (isAllowed) {
                allowed.add(JsonExpressions.value(value));
            }
        }
        return allowed;
    }

    private static void requireNothingElse(JsonNode value, BranchShape shape) {
        String[] keywords = value.isObject()
                ? new String[] {"properties", "required", "additionalProperties"}
                : new String[] {"items", "prefixItems", "minItems", "maxItems"};
        for (Place place : shape.saying(keywords)) {
            Place listing = shape.saying("enum", "const").get(0);
            throw listing.unsupported(
                    listing.has("enum") ? "enum" : "const",
                    "objects and arrays are listed beside what " + place.path() + " says of them");
        }
    }

    private static boolean isMultiple(BigDecimal value, BranchShape shape) {
        return shape.saying("multipleOf").stream()
                .allMatch(place ->
                        value.remainder(place.get("multipleOf").decimalValue()).signum() == 0);
    }

    /** Whole numbers. */
    Expression integer(BranchShape shape) {
        BigInteger divisor = BigInteger.ONE;
        Place saying = null;
        for (Place place : shape.saying("multipleOf")) {
            BigDecimal value = place.get("multipleOf").decimalValue();
            if (value.stripTrailingZeros().scale() > 0) {
                if (BigDecimal.ONE.remainder(value).signum() == 0) {
                    // All whole numbers are multiples of it.
                    continue;
                }
                throw place.unsupported("multipleOf", "of whole numbers it must be a whole number");
            }
            BigInteger one = value.toBigInteger();
            divisor = divisor.divide(divisor.gcd(one)).multiply(one);
            saying = place;
        }
        BigInteger first = shape.bounds().firstInteger();
        BigInteger last = shape.bounds().lastInteger();
        if (divisor.equals(BigInteger.ONE)) {
            BigInteger least = first == null ? NumberRanges.LARGEST.negate() : first;
            BigInteger most = last == null ? NumberRanges.LARGEST : last;
            return least.compareTo(most) > 0
                    ? Expression.NOTHING
                    : json.shared(
                            List.of("integer", least, most),
                            () -> RegexExpression.of(NumberRanges.integers(least, most), Letters.PLAIN));
        }
        return multiples(divisor, first, last, saying);
    }

    private Expression multiples(BigInteger divisor, BigInteger first, BigInteger last, Place saying) {
        if (first != null && last != null) {
            BigInteger from = ceiling(first, divisor);
            if (from.compareTo(last) > 0) {
                return Expression.NOTHING;
            }
            BigInteger more = last.subtract(from).divide(divisor);
            if (more.compareTo(BigInteger.valueOf(MOST_LISTED)) < 0) {
                List<Expression> listed = new ArrayList<>();
                for (BigInteger value = from; value.compareTo(last) <= 0; value = value.add(divisor)) {
                    listed.add(Expression.literal(value.toString()));
                }
                return new Expression.Alternatives(listed);
            }
        }
        if (divisor.compareTo(BigInteger.valueOf(LARGEST_DIVISOR)) > 0) {
            throw saying.unsupported(
                    "multipleOf",
                    "above " + LARGEST_DIVISOR + " it needs a minimum and a maximum with at most " + MOST_LISTED
                            + " multiples between them");
        }
        // Each digit takes as many states as there are remainders.
        int digits = Math.min(NumberRanges.DIGITS, (TextProduct.MOST_STATES - 100) / (2 * divisor.intValue()));
        BigInteger largest = BigInteger.TEN
                .pow(Math.max(digits, divisor.toString().length()))
                .subtract(BigInteger.ONE);
        BigInteger least = first == null
                ? last == null ? largest.negate() : last.min(BigInteger.ZERO).subtract(largest)
                : first;
        BigInteger most = last == null ? least.max(BigInteger.ZERO).add(largest) : last;
        return product(
                List.of(
                        new RegexMachine(NumberRanges.integers(least, most)),
                        new TextLanguage.Multiples(divisor.intValue())),
                Letters.PLAIN,
                Expression.EMPTY,
                saying,
                "multipleOf");
    }

    private static BigInteger ceiling(BigInteger value, BigInteger divisor) {
        BigInteger remainder = value.mod(divisor);
        return remainder.signum() == 0 ? value : value.add(divisor).subtract(remainder);
    }

    private Expression product(
            List<TextLanguage> languages, Letters letters, Expression end, Place place, String keyword) {
        try {
            TextProduct product = new TextProduct(languages);
            return product.isEmpty() ? Expression.NOTHING : product.expression(letters, end, rules);
        } catch (GrammarTooLargeException e) {
            throw new InvalidRequestException(place.path() + "." + keyword, e.getMessage(), "unsupported_value");
        }
    }

    /** Numbers of any kind. */
    Expression number(BranchShape shape) {
        int places = NumberRanges.PLACES;
        for (Place place : shape.saying("multipleOf")) {
            BigDecimal value = place.get("multipleOf").decimalValue().stripTrailingZeros();
            if (value.scale() <= 0) {
                return integer(shape);
            }
            if (!value.unscaledValue().equals(BigInteger.ONE)) {
                throw place.unsupported("multipleOf", "it must be a whole number, or 0.1, 0.01 and so on");
            }
            places = Math.min(places, value.scale());
        }
        if (shape.bounds().isUnbounded() && places == NumberRanges.PLACES) {
            return json.number();
        }
        int most = places;
        return json.shared(
                List.of("number", shape.bounds(), most),
                () -> RegexExpression.of(NumberRanges.decimals(shape.bounds(), most), Letters.PLAIN));
    }

    /** Strings. */
    Expression string(BranchShape shape) {
        int least = least(shape);
        int most = most(shape);
        if (least > most) {
            return Expression.NOTHING;
        }
        Set<Regex> texts = texts(shape);
        if (texts.isEmpty()) {
            return json.string(least, most);
        }
        return json.shared(List.of("text", texts, least, most), () -> text(shape, texts, least, most));
    }

    private Expression text(BranchShape shape, Set<Regex> texts, int least, int most) {
        Regex first = texts.iterator().next();
        boolean isAlone = texts.size() == 1 && least == 0 && most == Expression.UNBOUNDED;
        // Some formats may be read in many ways at once, which a product is not: masks within it take half the time.
        if (isAlone && !first.hasAnchors() && shape.saying("format").isEmpty()) {
            return Expression.sequence(
                    JsonExpressions.QUOTE, RegexExpression.of(first, Letters.JSON), JsonExpressions.QUOTE);
        }
        Place place = shape.saying("pattern", "format").get(0);
        String keyword = place.has("pattern") ? "pattern" : "format";
        try {
            Expression inside =
                    product(languages(texts, least, most), Letters.JSON, JsonExpressions.QUOTE, place, keyword);
            return inside == Expression.NOTHING ? inside : Expression.sequence(JsonExpressions.QUOTE, inside);
        } catch (GrammarTooLargeException e) {
            throw new InvalidRequestException(place.path() + "." + keyword, e.getMessage(), "unsupported_value");
        }
    }

    private static int least(BranchShape shape) {
        return shape.saying("minLength").stream()
                .mapToInt(place -> place.count("minLength", 0))
                .max()
                .orElse(0);
    }

    private static int most(BranchShape shape) {
        return shape.saying("maxLength").stream()
                .mapToInt(place -> place.most("maxLength"))
                .min()
                .orElse(Expression.UNBOUNDED);
    }

    private static Set<Regex> texts(BranchShape shape) {
        Set<Regex> texts = new LinkedHashSet<>();
        for (Place place : shape.places()) {
            if (place.has("pattern")) {
                texts.add(RegexParser.parse(
                                place.path() + ".pattern", place.get("pattern").textValue(), RegexParser.Dialect.ECMA)
                        .found()
                        .trimmed());
            }
            Regex format = StringFormats.named(place.node().path("format").asText());
            if (format != null) {
                texts.add(format);
            }
        }
        return texts;
    }

    private static List<TextLanguage> languages(BranchShape shape) {
        try {
            return languages(texts(shape), least(shape), most(shape));
        } catch (GrammarTooLargeException e) {
            Place place = shape.saying("pattern").get(0);
            throw new InvalidRequestException(place.path() + ".pattern", e.getMessage(), "unsupported_value");
        }
    }

    private static List<TextLanguage> languages(Set<Regex> texts, int least, int most) {
        List<TextLanguage> languages = new ArrayList<>();
        texts.forEach(text -> languages.add(new RegexMachine(text)));
        languages.add(new TextLanguage.OfLength(least, most));
        return languages;
    }
}
