package io.github.camelvlm.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ToolChoice;
import io.github.camelvlm.chat.ToolDefinition;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.constraint.AnswerGrammars;
import io.github.camelvlm.grammar.CodePoints;
import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Grammar;
import io.github.camelvlm.grammar.GrammarTooLargeException;
import io.github.camelvlm.grammar.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The texts that an answer may be which calls tools, in the form that {@link ToolPrompt} explains. */
final class ToolGrammar {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String ANY_OBJECT = "{}";
    private static final String BEFORE = ToolPrompt.CALL + "\n";
    private static final String AFTER = "\n" + ToolPrompt.END_OF_CALL;

    private final Tools tools;
    private final Rules rules = new Rules();
    private final List<Expression> arguments = new ArrayList<>();
    private boolean hasStrict;

    private ToolGrammar(Tools tools) {
        this.tools = tools;
    }

    /**
     * What follows {@link ToolPrompt#opening}; empty if any text may.
     *
     * @param format the form of an answer that calls no tool, or null if any will do
     * @throws InvalidRequestException if a form or the parameters of a strict tool are not served
     */
    static Optional<Grammar> of(Tools tools, AnswerFormat format) {
        if (!tools.areOffered()) {
            return Optional.ofNullable(format).map(AnswerGrammars::of);
        }
        try {
            return new ToolGrammar(tools).grammar(format);
        } catch (GrammarTooLargeException e) {
            throw new InvalidRequestException("tools", e.getMessage(), "unsupported_value");
        }
    }

    private Optional<Grammar> grammar(AnswerFormat format) {
        int whole = rules.reserve(1);
        for (int i = 0; i < tools.definitions().size(); i++) {
            arguments.add(arguments(i));
        }
        if (tools.areDemanded()) {
            rules.set(whole, demanded());
        } else if (format != null) {
            Expression answer = rules.include(AnswerGrammars.of(format));
            rules.set(
                    whole,
                    Expression.anyOf(
                            answer, Expression.sequence(Expression.literal(BEFORE), anyCall(), further(anyCall()))));
        } else if (hasStrict) {
            rules.set(whole, textOrCalls());
        } else {
            return Optional.empty();
        }
        return Optional.of(rules.grammar());
    }

    /** The arguments of a tool: where it is not strict and its schema is not served, any. */
    private Expression arguments(int index) {
        JsonNode function = function(tools.definitions().get(index));
        boolean isStrict = function.path("strict").asBoolean();
        hasStrict |= isStrict;
        JsonNode parameters = function.path("parameters");
        String field = "tools[" + index + "].function.parameters";
        Grammar grammar;
        try {
            grammar = AnswerGrammars.ofObjects(
                    field, parameters.isMissingNode() || parameters.isNull() ? ANY_OBJECT : parameters.toString());
        } catch (InvalidRequestException e) {
            if (isStrict) {
                throw e;
            }
            grammar = AnswerGrammars.ofObjects(field, ANY_OBJECT);
        }
        return rules.include(grammar);
    }

    private static JsonNode function(ToolDefinition definition) {
        try {
            return MAPPER.readTree(definition.json()).path("function");
        } catch (JsonProcessingException e) {
            throw new InvalidRequestException("tools", "must be JSON: " + e.getOriginalMessage());
        }
    }

    private Expression demanded() {
        if (tools.choice().mode() == ToolChoice.Mode.REQUIRED) {
            return Expression.sequence(anyCall(), further(anyCall()));
        }
        int index = 0;
        while (!tools.definitions().get(index).name().equals(tools.choice().name())) {
            index++;
        }
        return Expression.sequence(rest(index), Expression.literal(AFTER), further(call(index)));
    }

    /** What follows the first call. */
    private Expression further(Expression call) {
        return tools.areParallel()
                ? new Expression.Repetition(
                        Expression.sequence(Expression.literal("\n" + BEFORE), call), 0, Expression.UNBOUNDED)
                : Expression.EMPTY;
    }

    private Expression anyCall() {
        List<Expression> calls = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            calls.add(call(i));
        }
        return new Expression.Alternatives(calls);
    }

    private Expression call(int index) {
        return Expression.sequence(
                Expression.literal("{\"name\":"),
                space(),
                Expression.literal('"' + tools.definitions().get(index).name() + "\","),
                space(),
                Expression.literal("\"arguments\":"),
                rest(index),
                Expression.literal(AFTER));
    }

    /** What follows the colon before the arguments. */
    private Expression rest(int index) {
        return Expression.sequence(space(), arguments.get(index), Expression.literal("}"));
    }

    private static Expression space() {
        return Expression.optional(Expression.literal(" "));
    }

    /** Any text, but what begins like a call is one. */
    private Expression textOrCalls() {
        String tag = ToolPrompt.CALL;
        CodePoints opening = CodePoints.of(tag.substring(0, 1));
        // After each of these rules that many characters of the tag have been read; the tag has its first one only
        // once.
        int first = rules.reserve(tag.length());
        Expression text = new Expression.Reference(first);
        Expression begun = new Expression.Reference(first + 1);
        Expression afterCall = tools.areParallel() ? text : Expression.EMPTY;
        rules.set(
                first,
                Expression.sequence(
                        new Expression.Repetition(new Expression.Characters(opening.not()), 0, Expression.UNBOUNDED),
                        Expression.optional(Expression.sequence(new Expression.Characters(opening), begun))));
        for (int read = 1; read < tag.length(); read++) {
            CodePoints next = CodePoints.of(tag.substring(read, read + 1));
            Expression further = read + 1 < tag.length()
                    ? new Expression.Reference(first + read + 1)
                    : Expression.sequence(Expression.literal("\n"), anyCall(), afterCall);
            rules.set(
                    first + read,
                    Expression.anyOf(
                            Expression.EMPTY,
                            Expression.sequence(new Expression.Characters(next), further),
                            Expression.sequence(new Expression.Characters(opening), begun),
                            Expression.sequence(
                                    new Expression.Characters(next.or(opening).not()), text)));
        }
        return text;
    }
}
