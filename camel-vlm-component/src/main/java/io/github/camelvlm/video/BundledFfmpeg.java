package io.github.camelvlm.video;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.ffmpeg.ffprobe;
import org.bytedeco.javacpp.Loader;

/** The programs in {@code org.bytedeco:ffmpeg}, its LGPL build. Of its own, since that is an optional dependency. */
final class BundledFfmpeg {
    /** Libraries whose files are not called as the programs look for them. */
    private static final Map<String, String> NAMES = Map.of("libva.so.2", "libva.so", "libva-drm.so.2", "libva-drm.so");

    private BundledFfmpeg() {}

    /**
     * Extracts them into JavaCPP's cache, unless they are there.
     *
     * @throws LinkageError if they are not on the class path, or not for this platform
     */
    static FfmpegPrograms extract() throws IOException {
        Path decoder = Path.of(Loader.load(ffmpeg.class));
        Path prober = Path.of(Loader.load(ffprobe.class));
        Path libraries = decoder.getParent();
        for (Map.Entry<String, String> name : NAMES.entrySet()) {
            Path file = libraries.resolve(name.getValue());
            if (Files.exists(file)) {
                link(libraries.resolve(name.getKey()), file.getFileName());
            }
        }
        return new FfmpegPrograms(decoder, prober, libraries);
    }

    private static void link(Path link, Path file) throws IOException {
        try {
            Files.createSymbolicLink(link, file);
        } catch (FileAlreadyExistsException e) {
            // By an earlier start, or by another process at this moment.
        }
    }
}
