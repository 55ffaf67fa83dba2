package io.github.camelvlm.observation;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.metrics.EngineObserver;
import io.github.camelvlm.metrics.ObservedRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/** Times a request from here on, and tells of its end. */
public final class ObservedAnswer {
    private final long begun = System.nanoTime();
    private final EngineObserver observer;
    private Supplier<String> model;
    /** As many as there are, where nothing else is said: all are of one prompt. */
    private int answers = Integer.MAX_VALUE;

    /**
     * @param endpoint what was asked
     * @param observer is told of the end
     */
    public ObservedAnswer(ObservedEndpoint endpoint, EngineObserver observer) {
        this(endpoint::modelName, observer);
    }

    /**
     * @param model tells the name of what was asked
     * @param observer is told of the end
     */
    public ObservedAnswer(Supplier<String> model, EngineObserver observer) {
        this.model = model;
        this.observer = observer;
    }

    /** @param name the model that is asked, if it is another one than the endpoint's */
    public void asked(String name) {
        model = () -> name;
    }

    /** @param count how many answers are asked for of each prompt */
    public void answers(int count) {
        answers = count;
    }

    /** @param completions the answers to the request, at least one */
    public void ended(List<Completion> completions) {
        tell(completions.get(0).model(), completions, null);
    }

    /** @param failure why there is no answer */
    public void failed(Throwable failure) {
        tell(model.get(), List.of(), failure);
    }

    /** The end of an exchange whose answer was streamed: one that was not read to its end counts with the engine alone. */
    public void streamed(List<Completion> completions, Exchange exchange) {
        Throwable failure = exchange.getException() != null
                ? exchange.getException()
                : exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (!completions.isEmpty()) {
            ended(completions);
        } else if (failure != null) {
            failed(failure);
        }
    }

    private void tell(String name, List<Completion> completions, Throwable failure) {
        observer.ended(
                new ObservedRequest(name, Duration.ofNanos(System.nanoTime() - begun), completions, answers, failure));
    }
}
