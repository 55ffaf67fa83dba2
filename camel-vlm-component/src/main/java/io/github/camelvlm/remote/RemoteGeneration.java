package io.github.camelvlm.remote;

import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.github.camelvlm.chat.BufferedGeneration;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.SeenPicture;
import io.github.camelvlm.chat.UpstreamException;
import io.github.camelvlm.chat.VlmException;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An answer that a server makes. A thread of its own asks for it and hands on what comes; others may stop it, which
 * closes the connection, so that the server stops too.
 */
final class RemoteGeneration extends BufferedGeneration {

    /** Why it is ended before the server ends it. */
    enum Stop {
        CANCELLED,
        TIME_LIMIT,
        CLOSED
    }

    /** Where it is asked for at present. */
    record Attempt(RemoteServer server, Exchange exchange) {}

    /** What a server does not answer since it is asked for it. */
    private record Refused(Dispensable what, String why) {}

    private final RequestBody body;
    private final String model;
    private final List<SeenPicture> pictures;
    /** Made before there is need of it, since there may be no memory for it then. */
    private final VlmException broken = new VlmException(
            "A server could not be asked, since this JVM failed: see the cause; if it ran out of memory, raise -Xmx");

    private final long askedAt = System.nanoTime();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<Stop> stop = new AtomicReference<>();
    private volatile Attempt attempt;
    private volatile RemoteAnswer answer = new RemoteAnswer(askedAt);

    /**
     * @param body what is sent
     * @param model the name that the completion reports
     * @param pictures those of the request
     */
    RemoteGeneration(RequestBody body, String model, List<SeenPicture> pictures) {
        this.body = body;
        this.model = model;
        this.pictures = pictures;
    }

    /**
     * Asks, and hands on what comes, to the end.
     *
     * @param patience how long it is tried again before the answer begins
     * @return the whole answer, or null if there is none
     */
    Completion run(Dispatch dispatch, Duration patience) {
        try {
            return ask(dispatch, patience);
        } catch (Error e) {
            // Perhaps while another failure was to be told.
            broken.initCause(e);
            return failed(broken);
        }
    }

    private Completion ask(Dispatch dispatch, Duration patience) {
        try {
            Boolean isWhole = dispatch.ask(this::answer, patience, stopped);
            return isWhole == null ? endStopped() : ended(answer.end(model, pictures));
        } catch (ServerFailure late) {
            return ended(answer.end(FinishReason.TIME_LIMIT, model, pictures));
        } catch (VlmException e) {
            return stop.get() == null ? failed(e) : endStopped();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(new EngineUnavailableException("The engine is closed", e));
        } catch (RuntimeException e) {
            return stop.get() == null
                    ? failed(new UpstreamException("The answer of a server cannot be read", e))
                    : endStopped();
        }
    }

    private Completion endStopped() {
        return switch (stop.get()) {
            case CANCELLED -> ended(answer.end(FinishReason.CANCELLED, model, pictures));
            case TIME_LIMIT -> ended(answer.end(FinishReason.TIME_LIMIT, model, pictures));
            case CLOSED -> failed(new EngineUnavailableException("The engine of model " + model + " is closed"));
        };
    }

    private Completion ended(Completion completion) {
        end(completion);
        return completion;
    }

    private Completion failed(VlmException e) {
        fail(e);
        return null;
    }

    private Boolean answer(RemoteServer server) throws ServerFailure {
        EnumSet<Dispensable> asked = EnumSet.noneOf(Dispensable.class);
        asked.addAll(body.dispensable());
        asked.removeAll(server.unknown());
        Map<Dispensable, String> refusals = new EnumMap<>(Dispensable.class);
        Refused refused = answer(server, asked);
        while (refused != null) {
            refusals.put(refused.what(), refused.why());
            asked.remove(refused.what());
            refused = answer(server, asked);
        }
        // Only now is it known that they were why.
        refusals.forEach(server::doesNotKnow);
        if (asked.contains(Dispensable.LOGPROBS) && answer.isWithoutLogprobs()) {
            server.doesNotKnow(Dispensable.LOGPROBS, "passes the question over");
        }
        return true;
    }

    /**
     * @param asked what is asked for of that without which the answer is of use
     * @return what of it the server refuses to be asked for, and so does not answer; null if it answers
     */
    private Refused answer(RemoteServer server, EnumSet<Dispensable> asked) throws ServerFailure {
        ChatCompletionCreateParams params = body.without(EnumSet.complementOf(asked));
        Exchange exchange = server.exchange(body.pictures(), body.maxAnswerBytes());
        RemoteAnswer begun = new RemoteAnswer(askedAt);
        answer = begun;
        attempt = new Attempt(server, exchange);
        if (stop.get() != null) {
            exchange.breakOff();
        }
        try (StreamResponse<ChatCompletionChunk> stream =
                server.client(exchange).chat().completions().createStreaming(params)) {
            stream.stream().forEach(chunk -> handOn(begun.append(chunk)));
        } catch (RuntimeException e) {
            Refused refused = begun.hasBegun() ? null : refused(server, asked, e);
            if (refused != null) {
                return refused;
            }
            throw failure(server, server.errors().read(e), begun);
        } finally {
            attempt = null;
        }
        if (!begun.hasBegun()) {
            throw server.errors().faulty("answers with what is no answer of a model", null);
        }
        if (!begun.isWhole()) {
            throw failure(server, server.errors().broken(new IOException("the answer has no end")), begun);
        }
        if (body.sampling().format() != null && FormCheck.isPassedOver(body.sampling(), begun.end(model, pictures))) {
            throw new UpstreamException("The server " + server + " has passed over "
                    + body.sampling().format().field() + ", the form that the answer must have: ask one that knows "
                    + "structured outputs, such as vLLM, or leave it out");
        }
        return null;
    }

    private static Refused refused(RemoteServer server, Set<Dispensable> asked, RuntimeException thrown) {
        for (Dispensable what : asked) {
            String why = server.errors().refusal(thrown, what);
            if (why != null) {
                return new Refused(what, why);
            }
        }
        return null;
    }

    private void handOn(Delta delta) {
        if (!delta.text().isEmpty()
                || !delta.logprobs().isEmpty()
                || !delta.toolCalls().isEmpty()) {
            piece(delta);
        }
    }

    /** What has begun cannot begin again elsewhere: its reader has the first words. */
    private ServerFailure failure(RemoteServer server, ServerFailure failure, RemoteAnswer begun) {
        if (begun.hasBegun() && stop.get() == null) {
            server.failed(failure, Duration.ZERO);
            throw new EngineUnavailableException(
                    "The answer broke off in the middle: " + failure.told().getMessage(), failure);
        }
        return failure;
    }

    /** Whether anything of the answer has come. */
    boolean hasBegun() {
        return answer.hasBegun();
    }

    /** Where it is asked for at present, or null. */
    Attempt attempt() {
        return attempt;
    }

    /** Ends it, unless something else has ended it before. */
    void stop(Stop reason) {
        stop.compareAndSet(null, reason);
        stopped.countDown();
        Attempt current = attempt;
        if (current != null) {
            current.exchange().breakOff();
        }
    }

    @Override
    public void cancel() {
        super.cancel();
        stop(Stop.CANCELLED);
    }
}
