package io.github.camelvlm.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** With programs that every Unix has, since what ends them is the same. */
@Timeout(30)
@DisabledOnOs(OS.WINDOWS)
class BoundedProcessTest {
    @TempDir
    private Path folder;

    private final CompletableFuture<Void> cancellation = new CompletableFuture<>();

    private BoundedProcess run(String script, Duration limit) throws IOException {
        return BoundedProcess.start(
                List.of("/bin/sh", "-c", script), Map.of("MINE", "1"), folder, limit, 4L << 30, cancellation);
    }

    @Test
    void endsWhatTakesTooLong() throws IOException {
        try (BoundedProcess run = run("exec sleep 60", Duration.ofMillis(200))) {
            assertThat(read(run)).isNegative();
            assertThatThrownBy(run::awaitSuccess).hasMessage("it took longer than 0 s");
        }
    }

    @Test
    void wakesTheThreadThatReadsWhenAnotherClosesIt() throws Exception {
        BoundedProcess run = run("exec sleep 60", Duration.ofMinutes(1));
        CompletableFuture<Integer> reading = CompletableFuture.supplyAsync(() -> read(run));
        run.close();

        assertThat(reading.get(20, TimeUnit.SECONDS)).isNegative();
    }

    @Test
    void tellsTheLastComplaintOfWhatFails() throws IOException {
        try (BoundedProcess run = run("echo first >&2; echo 'no such codec' >&2; exit 3", Duration.ofMinutes(1))) {
            assertThatThrownBy(run::awaitSuccess).hasMessage("no such codec");
        }
    }

    @Test
    void isNotHeldUpByComplaintsWithoutEnd() throws IOException {
        try (BoundedProcess run = run("yes complaint | head -c 1000000 >&2; echo done", Duration.ofMinutes(1))) {
            assertThat(new String(run.output().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("done\n");
            run.awaitSuccess();
        }
    }

    @Test
    void showsAProcessNothingOfTheEnvironment() throws IOException {
        try (BoundedProcess run = run("/usr/bin/env; ulimit -v", Duration.ofMinutes(1))) {
            String output = new String(run.output().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(output).doesNotContain("HOME=", "PATH=/").contains("MINE=1", "4194304");
        }
    }

    /** A terminal interrupts all processes of a group. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void isNotInterruptedWithThisProcess() throws IOException {
        String group = "read -r pid name state parent group rest < /proc/self/stat; echo $pid $group";
        try (BoundedProcess run = run(group, Duration.ofMinutes(1))) {
            String[] told = new String(run.output().readAllBytes(), StandardCharsets.UTF_8).split("\\s");
            assertThat(told[1]).isEqualTo(told[0]);
        }
    }

    @Test
    void endsWithWhatItIsFor() throws IOException {
        try (BoundedProcess run = run("exec sleep 60", Duration.ofMinutes(1))) {
            cancellation.complete(null);

            assertThat(read(run)).isNegative();
        }
    }

    @Test
    void waitsForAPlaceUnlessNobodyWaitsForItAnyMore() throws Exception {
        List<BoundedProcess> all = new ArrayList<>();
        for (int i = 0; i < ProcessPlace.COUNT; i++) {
            all.add(run("exec sleep 60", Duration.ofMinutes(1)));
        }
        CompletableFuture<Void> givenUp = new CompletableFuture<>();
        CompletableFuture<ProcessPlace> waiting = CompletableFuture.supplyAsync(() -> place(givenUp));
        CompletableFuture<ProcessPlace> patient = CompletableFuture.supplyAsync(() -> place(cancellation));
        givenUp.complete(null);
        assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS)).hasRootCauseMessage("its request was cancelled");
        assertThat(patient).isNotDone();

        all.get(0).close();
        all.get(0).close();
        patient.get(20, TimeUnit.SECONDS).close();
        all.forEach(BoundedProcess::close);
    }

    private static ProcessPlace place(CompletableFuture<Void> until) {
        try {
            return ProcessPlace.await(until);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a process that was ended the output ends, or is closed, whichever is seen first. */
    private static int read(BoundedProcess run) {
        try {
            return run.output().read();
        } catch (IOException e) {
            return -1;
        }
    }
}
