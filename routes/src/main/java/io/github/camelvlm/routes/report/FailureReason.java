package io.github.camelvlm.routes.report;

import io.github.camelvlm.openai.OpenAiError;
import org.apache.camel.Exchange;

/** Why a picture or a message failed, in the words of the application, see {@link OptionNames}. */
public final class FailureReason {
    private FailureReason() {}

    /** The sentence that belongs to a failure, or the failure itself if it has none. */
    public static String of(Throwable failure) {
        return OptionNames.in(failure.getMessage() != null ? failure.getMessage() : failure.toString());
    }

    /** The sentence for an exchange that has failed. */
    public static String of(Exchange exchange) {
        return of(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
    }

    /** The same as OpenAI's clients know it, in JSON. */
    public static String json(Exchange exchange) {
        return OpenAiError.of(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class))
                .worded(OptionNames::in)
                .toJson();
    }
}
