package io.github.camelvlm.remote;

import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.remote.ServerFailure.Kind;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Finds a server for a request: the least loaded first; if that one does not begin to answer, another one; if none does,
 * all again after a pause, until the patience is over.
 */
final class Dispatch {
    /** A request that servers fail on may itself be the cause, so not all of them are made to fail. */
    private static final int MOST_FAULTS = 2;

    private static final IntervalFunction BACK_OFF =
            IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(100), 2, 0.5, Duration.ofSeconds(1));

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);

    private final Servers servers;

    /** A request as it is put to one server. */
    @FunctionalInterface
    interface Call<T> {
        /**
         * Asks.
         *
         * @throws ServerFailure if another server may be asked
         * @throws VlmException if none would answer, or this one has begun to
         */
        T ask(RemoteServer server) throws ServerFailure;
    }

    Dispatch(Servers servers) {
        this.servers = servers;
    }

    /**
     * Asks servers until one answers.
     *
     * @param patience how long the request is tried again
     * @param stop when it is down, nothing is tried again
     * @return the answer, or null if the request was stopped
     * @throws ServerFailure of kind {@link Kind#LATE} if a server's own time for the request is over
     * @throws VlmException if no server answers in time
     */
    <T> T ask(Call<T> call, Duration patience, CountDownLatch stop) throws InterruptedException, ServerFailure {
        long giveUpAt = System.nanoTime() + patience.toNanos();
        Set<RemoteServer> tried = new HashSet<>();
        VlmException last = null;
        int faults = 0;
        for (int round = 1; stop.getCount() > 0; ) {
            Optional<RemoteServer> chosen = servers.enter(tried);
            if (chosen.isEmpty()) {
                pause(round++, giveUpAt, last, stop);
                tried.clear();
                continue;
            }
            RemoteServer server = chosen.get();
            tried.add(server);
            try {
                T answer = call.ask(server);
                server.succeeded();
                return answer;
            } catch (ServerFailure failure) {
                if (stop.getCount() == 0) {
                    return null;
                }
                server.failed(failure, Duration.ofMillis(BACK_OFF.apply(round)));
                last = failure.told();
                if (failure.kind() == Kind.LATE) {
                    throw failure;
                }
                if (failure.kind() == Kind.FAULTY && ++faults == MOST_FAULTS) {
                    throw last;
                }
            } finally {
                server.leave();
            }
        }
        return null;
    }

    private VlmException noneAvailable() {
        return new EngineUnavailableException("No server is available: "
                + servers.all().stream().map(RemoteServer::describe).collect(Collectors.joining(", "))
                + ". Start them, or correct baseUrl");
    }

    private void pause(int round, long giveUpAt, VlmException last, CountDownLatch stop) throws InterruptedException {
        long pause = Math.max(
                Duration.ofMillis(BACK_OFF.apply(round)).toNanos(),
                servers.untilFree().plus(SHORTEST_PAUSE).toNanos());
        if (System.nanoTime() + pause - giveUpAt > 0) {
            throw last != null ? last : noneAvailable();
        }
        stop.await(pause, TimeUnit.NANOSECONDS);
    }
}
