package io.github.camelvlm.routes.soak;

import io.github.camelvlm.routes.Goldens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * Runs the application on {@code shapes-vl} under eight clients, a folder, a bucket and a queue, with hostile requests and
 * pictures among them, and kills it every few minutes. It prints memory, threads and descriptors by the minute, and ends
 * with status 1 if anything was answered wrongly, lost, or done twice more often than the kills explain.
 */
public final class Soak {
    private static final int CLIENTS = 8;
    private static final Duration CLIENT_PAUSE = Duration.ofMillis(30);
    private static final Duration BETWEEN_PICTURES = Duration.ofMillis(1500);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(3);
    private static final String HEAP = "512m";

    private final Duration length;
    private final Duration betweenKills;
    private final Tally tally = new Tally();
    private volatile Instant start;
    private volatile Instant end;
    private int kills;

    private Soak(Duration length, Duration betweenKills) {
        this.length = length;
        this.betweenKills = betweenKills;
    }

    /** @param arguments how many minutes it takes, and the minutes from one kill to the next; 0 for no kills */
    public static void main(String[] arguments) throws Exception {
        Duration length = Duration.ofSeconds(Math.round(60 * Double.parseDouble(arguments[0])));
        Duration betweenKills = Duration.ofSeconds(Math.round(60 * Double.parseDouble(arguments[1])));
        boolean passed = new Soak(length, betweenKills).run();
        // Threads of the broker and of the S3 server would keep the process.
        System.exit(passed ? 0 : 1);
    }

    private boolean run() throws Exception {
        // The broker tells each connection that a kill cut off.
        Configurator.setLevel("org.apache.activemq", Level.ERROR);
        Path directory = Files.createTempDirectory("soak");
        FolderSource folder = new FolderSource(directory);
        try (BucketSource bucket = new BucketSource();
                QueueSource queue = new QueueSource();
                Target target = new Target(directory, environment(bucket, queue))) {
            List<Source> sources = List.of(folder, bucket, queue);
            start = Instant.now();
            end = start.plus(length);
            System.out.println(
                    "The application answers at port " + target.port() + ", works in " + directory + ", and is killed "
                            + (betweenKills.isZero() ? "never" : "every " + betweenKills.toSeconds() + " s"));
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                threads.add(new Thread(new Client(target, tally, this::goesOn, CLIENT_PAUSE, i), "client-" + i));
            }
            for (Source source : sources) {
                threads.add(new Thread(() -> bring(source), source.name()));
            }
            threads.forEach(Thread::start);
            watch(target, sources);
            for (Thread thread : threads) {
                thread.join();
            }
            tell(target, sources);
            if (!target.stop()) {
                tally.fault("The application has not stopped within 40 seconds");
            }
            for (Source source : sources) {
                source.check(tally, kills);
            }
            report(sources);
        }
        return tally.faults() == 0;
    }

    private static Map<String, String> environment(BucketSource bucket, QueueSource queue) {
        Map<String, String> environment = new HashMap<>(bucket.environment());
        environment.putAll(queue.environment());
        environment.put("VLM_MODEL", Goldens.MODEL.toString());
        environment.put("VLM_DTYPE", "float32");
        environment.put("VLM_SETTLE", "200ms");
        environment.put("JAVA_TOOL_OPTIONS", "-Xmx" + HEAP);
        return environment;
    }

    private boolean goesOn() {
        return Instant.now().isBefore(end);
    }

    /** Brings pictures until the end, and waits until all of them are settled. */
    private void bring(Source source) {
        Instant nextLook = start;
        Instant last = end.plus(DRAIN_LIMIT);
        try {
            while (goesOn()
                    || (source.settled() < source.brought() && Instant.now().isBefore(last))) {
                if (goesOn()) {
                    source.put();
                }
                if (!Instant.now().isBefore(nextLook)) {
                    source.look();
                    nextLook = Instant.now().plus(BETWEEN_LOOKS);
                }
                LockSupport.parkNanos(BETWEEN_PICTURES.toNanos());
            }
        } catch (Exception e) {
            tally.fault(source.name() + ": " + e);
        }
    }

    private void watch(Target target, List<Source> sources) throws Exception {
        Instant nextKill = start.plus(betweenKills);
        Instant nextMinute = start.plus(Duration.ofMinutes(1));
        // The last kill is early enough for a life without any after it.
        Instant lastKill = end.minus(Duration.ofSeconds(30));
        while (goesOn()) {
            Instant now = Instant.now();
            if (!now.isBefore(nextMinute)) {
                tell(target, sources);
                nextMinute = nextMinute.plus(Duration.ofMinutes(1));
            }
            if (!betweenKills.isZero() && !now.isBefore(nextKill) && now.isBefore(lastKill)) {
                target.killAndStart();
                kills++;
                nextKill = Instant.now().plus(betweenKills);
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }

    private void tell(Target target, List<Source> sources) throws Exception {
        StringBuilder line = new StringBuilder();
        line.append(String.format(
                "minute %3d: ", Duration.between(start, Instant.now()).toMinutes()));
        line.append(ProcessFigures.of(target.pid())).append("; ");
        line.append(tally.of("HTTP: answered rightly")).append(" answers");
        for (Source source : sources) {
            line.append(", ").append(source.name()).append(' ').append(source.settled());
            line.append(" of ").append(source.brought());
        }
        line.append("; ")
                .append(kills)
                .append(" kills, ")
                .append(tally.faults())
                .append(" faults");
        System.out.println(line);
    }

    private void report(List<Source> sources) {
        System.out.println("After " + Duration.between(start, end).toMinutes() + " minutes and " + kills + " kills:");
        tally.counts().forEach((kind, count) -> System.out.printf("%10d  %s%n", count, kind));
        for (Source source : sources) {
            System.out.printf("%10d  %s: pictures settled of %d%n", source.settled(), source.name(), source.brought());
        }
        System.out.printf("%10d  faults%n", tally.faults());
    }
}
