package io.github.camelvlm.remote;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Chooses among the servers: the one with the fewest requests in hand of those that are up and not busy. */
final class Servers {
    private final List<RemoteServer> all;
    /** Where the search begins, so that servers of the same load have turns. */
    private int next;

    Servers(List<RemoteServer> all) {
        this.all = List.copyOf(all);
    }

    List<RemoteServer> all() {
        return all;
    }

    /**
     * Chooses a server and adds a request to its load, which the caller takes off again.
     *
     * @param except those that are not to be chosen
     */
    synchronized Optional<RemoteServer> enter(Set<RemoteServer> except) {
        long now = System.nanoTime();
        next++;
        List<RemoteServer> turned = all.stream()
                .sorted(Comparator.comparingInt(server -> Math.floorMod(all.indexOf(server) + next, all.size())))
                .toList();
        Optional<RemoteServer> chosen = turned.stream()
                .filter(server -> server.isUp() && server.busyUntil() - now <= 0 && !except.contains(server))
                .min(Comparator.comparingInt(RemoteServer::load));
        chosen.ifPresent(RemoteServer::enter);
        return chosen;
    }

    /** The time after which the first of the servers takes requests again, if all that are up are busy; otherwise zero. */
    Duration untilFree() {
        long now = System.nanoTime();
        if (all.stream().anyMatch(server -> !server.isUp())) {
            return Duration.ZERO;
        }
        return Duration.ofNanos(all.stream()
                .mapToLong(server -> Math.max(0, server.busyUntil() - now))
                .min()
                .orElse(0));
    }

    /** Whether any takes requests. */
    boolean isAnyUp() {
        return all.stream().anyMatch(RemoteServer::isUp);
    }
}
