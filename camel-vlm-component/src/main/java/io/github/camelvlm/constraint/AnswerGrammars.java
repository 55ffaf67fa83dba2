package io.github.camelvlm.constraint;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Grammar;
import io.github.camelvlm.grammar.GrammarTooLargeException;
import io.github.camelvlm.grammar.Letters;
import io.github.camelvlm.grammar.Rules;
import io.github.camelvlm.regex.Regex;
import io.github.camelvlm.regex.RegexExpression;
import io.github.camelvlm.regex.RegexMachine;
import io.github.camelvlm.regex.RegexParser;
import io.github.camelvlm.regex.TextProduct;
import io.github.camelvlm.schema.SchemaGrammar;
import java.util.List;

/** Makes grammars of the forms that answers can be asked to have. */
public final class AnswerGrammars {
    private static final int MOST_CHOICES = 10_000;

    private AnswerGrammars() {}

    /**
     * The texts that have a form.
     *
     * @throws InvalidRequestException if it asks for something that is not served, is too large, or no text has it; the
     *     field is the path of what is at fault
     */
    public static Grammar of(AnswerFormat format) {
        if (format instanceof AnswerFormat.Json json) {
            return SchemaGrammar.of(json.field(), json.schema());
        }
        if (format instanceof AnswerFormat.Regex regex) {
            return of(regex);
        }
        return of((AnswerFormat.Choice) format);
    }

    /**
     * The objects that are valid by a JSON Schema.
     *
     * @param field what refusals call the schema
     * @throws InvalidRequestException as {@link #of(AnswerFormat)} has it
     */
    public static Grammar ofObjects(String field, String schema) {
        return SchemaGrammar.ofObjects(field, schema);
    }

    private static Grammar of(AnswerFormat.Choice choice) {
        if (choice.texts().size() > MOST_CHOICES) {
            throw new InvalidRequestException(
                    choice.field(),
                    "has " + choice.texts().size() + " texts to choose from; the most served are " + MOST_CHOICES,
                    "unsupported_value");
        }
        return Grammar.of(new Expression.Alternatives(
                choice.texts().stream().distinct().map(Expression::literal).toList()));
    }

    private static Grammar of(AnswerFormat.Regex format) {
        Regex regex = RegexParser.parse(format.field(), format.pattern(), RegexParser.Dialect.PYTHON)
                .trimmed();
        if (!regex.hasAnchors()) {
            return Grammar.of(RegexExpression.of(regex, Letters.PLAIN));
        }
        try {
            TextProduct product = new TextProduct(List.of(new RegexMachine(regex)));
            if (product.isEmpty()) {
                throw new InvalidRequestException(format.field(), "is a regular expression that no text matches");
            }
            Rules rules = new Rules();
            product.expression(Letters.PLAIN, Expression.EMPTY, rules);
            return rules.grammar();
        } catch (GrammarTooLargeException e) {
            throw new InvalidRequestException(format.field(), e.getMessage(), "unsupported_value");
        }
    }
}
