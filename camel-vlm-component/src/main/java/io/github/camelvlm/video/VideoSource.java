package io.github.camelvlm.video;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file where ffmpeg can go back and forth in it, in a folder of its own that goes with it.
 *
 * @param folder the folder
 * @param file the file, the only one in it
 * @param demuxer what ffmpeg calls its format, which it is told: it also reads play lists and scripts, which would let it
 *     open other files
 */
record VideoSource(Path folder, Path file, String demuxer) implements AutoCloseable {
    private static final String NAME = "video";

    /** Writes the content of a file. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    static VideoSource of(String demuxer, Content content) throws IOException {
        Path folder = Files.createTempDirectory("camel-vlm-video");
        VideoSource source = new VideoSource(folder, folder.resolve(NAME), demuxer);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(source.file))) {
            content.writeTo(out);
        } catch (IOException | RuntimeException | Error e) {
            try (source) {
                throw e;
            }
        }
        return source;
    }

    /** How a program that runs in {@link #folder} reads it: as what it is, and no other file. Its complaints name no path. */
    List<String> command(Path program, List<String> before, List<String> after) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "-hide_banner", "-v", "error"));
        command.addAll(before);
        command.addAll(List.of(
                "-protocol_whitelist",
                "file",
                "-f",
                demuxer,
                "-i",
                file.getFileName().toString()));
        command.addAll(after);
        return command;
    }

    /** What a program has complained of, without the name that the file has for it, which says nothing to others. */
    static String told(IOException complaint) {
        String message = String.valueOf(complaint.getMessage());
        return message.startsWith(NAME + ": ") ? message.substring(NAME.length() + 2) : message;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
