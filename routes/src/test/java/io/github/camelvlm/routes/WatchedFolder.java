package io.github.camelvlm.routes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The four folders of the application, below one. */
public record WatchedFolder(Path root) {
    private static final String HOUSEKEEPING = ".camel-vlm";

    /** What is left in the inbox's housekeeping: a lock of the last picture's turn, and what crashes left. */
    public List<String> housekeeping() throws IOException {
        return names(inbox().resolve(HOUSEKEEPING));
    }

    public Path inbox() {
        return root.resolve("inbox");
    }

    public Path captions() {
        return root.resolve("captions");
    }

    public Path done() {
        return root.resolve("done");
    }

    public Path failed() {
        return root.resolve("failed");
    }

    /** Puts a golden picture into the inbox at once, as a whole file. */
    public void put(String golden, String name) throws IOException {
        put(Files.readAllBytes(Goldens.picture(golden)), name);
    }

    public void put(byte[] bytes, String name) throws IOException {
        Path place = inbox().resolve(name);
        Files.createDirectories(place.getParent());
        Path hidden = Files.write(place.resolveSibling("." + place.getFileName()), bytes);
        Files.move(hidden, place);
    }

    /** The caption of a picture, or an empty text while there is none. */
    public String caption(String name) throws IOException {
        return text(captions().resolve(name + ".txt"));
    }

    /** Why a picture failed, or an empty text if it has not. */
    public String error(String name) throws IOException {
        return text(failed().resolve(name + ".error.txt"));
    }

    public boolean isDone(String name) {
        return Files.exists(done().resolve(name)) && !Files.exists(inbox().resolve(name));
    }

    public boolean hasFailed(String name) {
        return Files.exists(failed().resolve(name)) && !Files.exists(inbox().resolve(name));
    }

    /** The names of all files of a folder, hidden ones too, sorted; less the housekeeping of an inbox. */
    public static List<String> names(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(HOUSEKEEPING))
                    .sorted()
                    .toList();
        }
    }

    private static String text(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    }
}
