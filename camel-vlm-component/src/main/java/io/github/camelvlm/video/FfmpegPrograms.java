package io.github.camelvlm.video;

import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.process.BoundedProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where ffmpeg and ffprobe are.
 *
 * @param ffmpeg the program that decodes
 * @param ffprobe the program that tells what is in a file
 * @param libraries the folder of the libraries that both need; null for those of the system
 */
record FfmpegPrograms(Path ffmpeg, Path ffprobe, Path libraries) {
    private static final Logger LOG = LoggerFactory.getLogger(FfmpegPrograms.class);

    /** Of its address space. A film of 8K with a thread for each of two cores takes less. */
    private static final long MAX_MEMORY = 4L << 30;

    private static final class Found {
        static final Optional<FfmpegPrograms> PROGRAMS = bundled().or(FfmpegPrograms::installed);
    }

    /** Those of {@code org.bytedeco:ffmpeg} if it is on the class path, else those installed; looked for once. */
    static Optional<FfmpegPrograms> find() {
        return Found.PROGRAMS;
    }

    /** @param what is not read without them, with its name */
    static ImageException missing(String what) {
        return new ImageException(what
                + " cannot be read, since there is no ffmpeg: put org.bytedeco:ffmpeg with the jar of this platform"
                + " on the class path, or install the program");
    }

    /**
     * Starts one of them.
     *
     * @param command its path and its arguments
     * @param cancellation ends it when it completes
     */
    BoundedProcess start(List<String> command, Path folder, Duration limit, CompletionStage<?> cancellation)
            throws IOException {
        Map<String, String> environment =
                libraries == null ? Map.of() : Map.of("LD_LIBRARY_PATH", libraries.toString());
        BoundedProcess process = BoundedProcess.start(command, environment, folder, limit, MAX_MEMORY, cancellation);
        process.input().close();
        return process;
    }

    private static Optional<FfmpegPrograms> bundled() {
        try {
            return Optional.of(BundledFfmpeg.extract());
        } catch (LinkageError e) {
            // Not on the class path, or not for this platform.
            LOG.debug("org.bytedeco:ffmpeg is not there", e);
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            LOG.warn("ffmpeg of org.bytedeco:ffmpeg cannot be extracted", e);
            return Optional.empty();
        }
    }

    private static Optional<FfmpegPrograms> installed() {
        return program("ffmpeg")
                .flatMap(ffmpeg -> program("ffprobe").map(ffprobe -> new FfmpegPrograms(ffmpeg, ffprobe, null)));
    }

    private static Optional<Path> program(String name) {
        String path = System.getenv("PATH");
        return Stream.of((path == null ? "" : path).split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
