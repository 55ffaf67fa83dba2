package io.github.camelvlm.http;

import io.github.camelvlm.dialect.Dialect;
import io.github.camelvlm.openai.OpenAiError;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import java.util.List;

/** Knows in which protocol a request is answered: by its path, since errors are told before any route sees it. */
final class Dialects implements Handler<RoutingContext> {
    private static final String KEY = Dialects.class.getName();

    private final List<Dialect> dialects;

    Dialects(Collection<Dialect> dialects) {
        this.dialects = List.copyOf(dialects);
    }

    @Override
    public void handle(RoutingContext context) {
        String path = path(context);
        dialects.stream()
                .filter(dialect -> path != null && dialect.isSpokenAt(path, context.request()::getHeader))
                .findFirst()
                .ifPresent(dialect -> context.put(KEY, dialect));
        context.next();
    }

    /** As it came where it cannot be decoded, and null where there is none: that is refused later on, and has to be told then. */
    private static String path(RoutingContext context) {
        try {
            return context.normalizedPath();
        } catch (IllegalArgumentException e) {
            return context.request().path();
        }
    }

    /** The dialect of a request; null for OpenAI's chat completions, and for what no dialect has. */
    static Dialect of(RoutingContext context) {
        return context.get(KEY);
    }

    /** An error as the clients of a dialect read it; of null, of OpenAI's. */
    static String toJson(OpenAiError error, Dialect dialect) {
        return dialect == null ? error.toJson() : dialect.error(error);
    }
}
