package io.github.camelvlm.model;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.el.TypeConvertingMapELResolver;
import com.hubspot.jinjava.el.ext.JinjavaBeanELResolver;
import com.hubspot.jinjava.el.ext.JinjavaListELResolver;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.Importable;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.objects.collections.PyList;
import com.hubspot.jinjava.objects.collections.PyMap;
import io.github.camelvlm.chat.ModelLoadException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jinjava.javax.el.ArrayELResolver;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;

/**
 * A Jinja template as transformers renders one ({@code trim_blocks}, {@code lstrip_blocks}), shut in: it reads no files,
 * calls no Java methods, and its depth, its time and what it renders are bounded. Safe for use by many threads.
 */
final class JinjaTemplate {
    private static final int MAX_SOURCE_LENGTH = 1 << 16;
    private static final int MAX_NESTED_BLOCKS = 32;
    private static final int MAX_NESTED_BRACKETS = 100;
    private static final int MAX_RANGE = 1_000;
    /** Far more than there can be turns in a conversation. */
    private static final int MAX_ELEMENTS = 1 << 17;

    private static final Duration MAX_TIME = Duration.ofSeconds(5);

    /** Room for text of the greatest length, every character of it three bytes and marked twice. */
    private static final long MAX_OUTPUT_BYTES = 16L * Tokenizer.MAX_TEXT_LENGTH;

    /** Those of Jinja's filters whose results are hardly larger than what they are given. */
    private static final Set<String> FILTERS = Set.of(
            "abs",
            "bool",
            "capitalize",
            "count",
            "d",
            "default",
            "dictsort",
            "e",
            "escape",
            "first",
            "float",
            "groupby",
            "int",
            "join",
            "last",
            "length",
            "list",
            "lower",
            "map",
            "reject",
            "rejectattr",
            "reverse",
            "safe",
            "select",
            "selectattr",
            "sort",
            "split",
            "string",
            "sum",
            "title",
            "tojson",
            "trim",
            "unique",
            "upper");

    /** When the template that a thread renders must have ended, by {@link System#nanoTime}. */
    private static final ThreadLocal<Long> DEADLINE = new ThreadLocal<>();

    private static final Jinjava JINJAVA = new Jinjava(JinjavaConfig.newBuilder()
            .withTrimBlocks(true)
            .withLstripBlocks(true)
            // Off, it would cut the line break that the output ends with, where Jinja cuts that of the source.
            .withKeepTrailingNewline(true)
            // On by default, and would run templates that users write into their messages.
            .withNestedInterpretationEnabled(false)
            .withDisabled(
                    Map.of(Library.TAG, Set.of("include", "import", "from", "extends"), Library.FILTER, otherFilters()))
            .withElResolver(closedResolver())
            .withMaxRenderDepth(MAX_NESTED_BLOCKS)
            .withRangeLimit(MAX_RANGE)
            .withMaxOutputSize(MAX_OUTPUT_BYTES)
            .withMaxStringLength(MAX_OUTPUT_BYTES)
            .withMaxListSize(MAX_ELEMENTS)
            .withMaxMapSize(MAX_ELEMENTS)
            .withProcessors(JinjavaProcessors.newBuilder()
                    .withNodePreProcessor((node, interpreter) -> requireTime())
                    .build())
            .build());

    private final String source;
    private final Duration maxTime;

    /** @throws ModelLoadException if the source is longer or deeper than any real template, which takes minutes to parse */
    JinjaTemplate(String source) {
        this(source, MAX_TIME);
    }

    /** @param maxTime after which rendering is given up */
    JinjaTemplate(String source, Duration maxTime) {
        requireLength(source.length());
        if (depth(source) > MAX_NESTED_BRACKETS) {
            throw new ModelLoadException("The chat template has brackets in brackets, more than " + MAX_NESTED_BRACKETS
                    + " deep: use the template that was published with the model");
        }
        this.maxTime = maxTime;
        this.source =
                WhitespaceControl.apply(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
    }

    /** @throws ModelLoadException if so many characters, or at least so many, are more than a template may have */
    static void requireLength(long length) {
        if (length > MAX_SOURCE_LENGTH) {
            throw new ModelLoadException(String.format(
                    Locale.ROOT,
                    "The chat template has %,d characters, more than the %,d that one may have: use the template that"
                            + " was published with the model",
                    length,
                    MAX_SOURCE_LENGTH));
        }
    }

    private static int depth(String source) {
        int depth = 0;
        int deepest = 0;
        for (int i = 0; i < source.length(); i++) {
            if ("([{".indexOf(source.charAt(i)) >= 0) {
                depth++;
                deepest = Math.max(deepest, depth);
            } else if (")]}".indexOf(source.charAt(i)) >= 0) {
                depth = Math.max(0, depth - 1);
            }
        }
        return deepest;
    }

    private static Set<String> otherFilters() {
        return new Jinjava()
                .getGlobalContext().getAllFilters().stream()
                        .map(Filter::getName)
                        .filter(name -> !FILTERS.contains(name))
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** No exception: Jinjava would note it and go on. */
    private static final class TimeIsOver extends Error {
        private static final long serialVersionUID = 1L;

        TimeIsOver() {
            super("it takes too long", null, false, false);
        }
    }

    private static void requireTime() {
        if (System.nanoTime() - DEADLINE.get() > 0) {
            throw new TimeIsOver();
        }
    }

    /** Without the names of classes, which tell the author of a template nothing. */
    private static String reason(Throwable failure) {
        if (failure instanceof StackOverflowError) {
            return "it nests too deeply";
        }
        return failure instanceof OutOfMemoryError ? "it takes too much memory" : "it fails on what it is given";
    }

    /** @throws TemplateException if the template has a fault, uses what is not offered, or takes too long */
    String render(Map<String, ?> variables) throws TemplateException {
        RenderResult result;
        DEADLINE.set(System.nanoTime() + maxTime.toNanos());
        try {
            result = JINJAVA.renderForResult(source, variables);
        } catch (TimeIsOver e) {
            throw new TemplateException("it takes longer than " + maxTime.toMillis() + " ms", e);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new TemplateException(reason(e), e);
        } finally {
            DEADLINE.remove();
        }
        for (TemplateError error : result.getErrors()) {
            if (error.getSeverity() == TemplateError.ErrorType.FATAL) {
                throw new TemplateException(
                        "line " + error.getLineno() + ": " + error.getMessage(), error.getException());
            }
        }
        return result.getOutput();
    }

    private static ELResolver closedResolver() {
        CompositeELResolver resolver = new CompositeELResolver();
        resolver.add(new ArrayELResolver(true));
        resolver.add(new TypeConvertingMapELResolver(true));
        resolver.add(new JinjavaListELResolver(true));
        resolver.add(new ClosedBeanResolver());
        return resolver;
    }

    /** Lets templates call what Jinja has (filters, tests, methods of its lists and dictionaries) and nothing of Java. */
    private static final class ClosedBeanResolver extends JinjavaBeanELResolver {
        ClosedBeanResolver() {
            super(true);
        }

        @Override
        public Object invoke(
                ELContext context, Object base, Object method, Class<?>[] parameterTypes, Object[] parameters) {
            boolean ofJinja = base instanceof Importable || base instanceof PyMap || base instanceof PyList;
            return ofJinja ? super.invoke(context, base, method, parameterTypes, parameters) : null;
        }
    }
}
