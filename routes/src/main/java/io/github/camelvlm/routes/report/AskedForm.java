package io.github.camelvlm.routes.report;

import io.github.camelvlm.VlmConfiguration;
import io.github.camelvlm.VlmConstants;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.constraint.AnswerGrammars;
import io.github.camelvlm.exchange.AnswerForm;
import io.github.camelvlm.exchange.AskedForms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Handler;
import org.apache.camel.Message;

/**
 * The form that captions must have, as the application's properties ask for it. It is put into headers, as the question is:
 * in a URI, schemas and regular expressions would have to be written in another way.
 */
public final class AskedForm implements CamelContextAware {
    private final VlmConfiguration options = new VlmConfiguration();
    private CamelContext context;
    private AnswerForm form;

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }

    /** @param schema a JSON Schema, or the file that holds one; empty for none */
    public void setJsonSchema(String schema) {
        options.setJsonSchema(schema);
    }

    /** @param choices the texts of which a caption is one, separated by commas; empty for none */
    public void setChoices(String choices) {
        options.setChoices(choices);
    }

    /** @param regex the regular expression that a caption must match; empty for none */
    public void setRegex(String regex) {
        options.setRegex(regex);
    }

    /** @param engine the kind of engine that answers; only a remote one has rules of its own for forms */
    public void setEngine(String engine) {
        options.setEngine(engine);
    }

    /**
     * Reads the schema's file, and checks what is asked for.
     *
     * @throws IllegalArgumentException if two forms are asked for, or one that cannot be had or is not served
     */
    public void start() {
        String schema = options.getJsonSchema();
        if (schema != null && !schema.isBlank() && !schema.strip().startsWith("{")) {
            options.setJsonSchema(read(schema.strip()));
        }
        form = new AskedForms(options, context).of(null);
        if (form != null && !options.getEngine().equals("remote")) {
            requireServed(form.format());
        }
    }

    /** Otherwise each picture would fail for what is no picture's fault. */
    private static void requireServed(AnswerFormat format) {
        try {
            AnswerGrammars.of(format);
        } catch (InvalidRequestException e) {
            // A path within the schema would hide the option's name.
            String path = format.field() + ".";
            String problem = e.getMessage();
            throw new IllegalArgumentException(
                    problem.startsWith(path)
                            ? format.field() + " asks for what is not served: " + problem.substring(path.length())
                            : problem,
                    e);
        }
    }

    private static String read(String file) {
        try {
            String schema = Files.readString(Path.of(file)).strip();
            if (schema.startsWith("{")) {
                return schema;
            }
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException(
                    "jsonSchema is " + file + ", a file that cannot be read: name one with a JSON Schema in UTF-8", e);
        }
        throw new IllegalArgumentException(
                "jsonSchema is " + file + ", which holds no JSON Schema: that begins with {");
    }

    /** Asks in the headers of a message for the form, if there is one. */
    @Handler
    public void askIn(Message message) {
        if (form == null) {
            return;
        }
        AnswerFormat format = form.format();
        if (format instanceof AnswerFormat.Json json) {
            message.setHeader(VlmConstants.JSON_SCHEMA, json.schema());
        } else if (format instanceof AnswerFormat.Choice choice) {
            message.setHeader(VlmConstants.CHOICES, choice.texts());
        } else if (format instanceof AnswerFormat.Regex regex) {
            message.setHeader(VlmConstants.REGEX, regex.pattern());
        }
    }
}
