package io.github.camelvlm.qwen;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.el.TypeConvertingMapELResolver;
import com.hubspot.jinjava.el.ext.JinjavaBeanELResolver;
import com.hubspot.jinjava.el.ext.JinjavaListELResolver;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.Importable;
import com.hubspot.jinjava.objects.collections.PyList;
import com.hubspot.jinjava.objects.collections.PyMap;
import io.github.camelvlm.chat.ModelLoadException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import jinjava.javax.el.ArrayELResolver;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;

/**
 * A Jinja template as transformers renders one ({@code trim_blocks}, {@code lstrip_blocks}), shut in: it reads no files,
 * calls no Java methods, and what it renders is bounded. Safe for use by many threads.
 */
final class JinjaTemplate {
    private static final int MAX_SOURCE_LENGTH = 1 << 16;
    private static final int MAX_NESTED_BLOCKS = 32;
    private static final int MAX_RANGE = 1_000;

    /** Room for text of the greatest length, every character of it three bytes and marked twice. */
    private static final long MAX_OUTPUT_BYTES = 16L * Tokenizer.MAX_TEXT_LENGTH;

    private static final Jinjava JINJAVA = new Jinjava(JinjavaConfig.newBuilder()
            .withTrimBlocks(true)
            .withLstripBlocks(true)
            // Off, it would cut the line break that the output ends with, where Jinja cuts that of the source.
            .withKeepTrailingNewline(true)
            // On by default, and would run templates that users write into their messages.
            .withNestedInterpretationEnabled(false)
            .withDisabled(Map.of(Library.TAG, Set.of("include", "import", "from", "extends")))
            .withElResolver(closedResolver())
            .withMaxRenderDepth(MAX_NESTED_BLOCKS)
            .withRangeLimit(MAX_RANGE)
            .withMaxOutputSize(MAX_OUTPUT_BYTES)
            .build());

    private final String source;

    /** @throws ModelLoadException if the source is longer than any real template, which takes minutes to parse */
    JinjaTemplate(String source) {
        if (source.length() > MAX_SOURCE_LENGTH) {
            throw new ModelLoadException(String.format(
                    Locale.ROOT,
                    "The chat template has %,d characters, more than the %,d that one may have: use the template that"
                            + " was published with the model",
                    source.length(),
                    MAX_SOURCE_LENGTH));
        }
        this.source = source.endsWith("\n") ? source.substring(0, source.length() - 1) : source;
    }

    /** @throws TemplateException if the template has a fault or uses what is not offered */
    String render(Map<String, ?> variables) throws TemplateException {
        RenderResult result;
        try {
            result = JINJAVA.renderForResult(source, variables);
        } catch (RuntimeException | StackOverflowError e) {
            throw new TemplateException(e.toString(), e);
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
