package io.github.camelvlm.routes.command;

import io.github.camelvlm.media.PictureType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A picture that is named on the command line, or by a directory that is. */
record PictureArgument(String name) {
    private static final String STANDARD_INPUT = "-";

    /**
     * The endings of what is read, and of what is not but comes from cameras and browsers beside it, so that it is told
     * instead of passed over.
     */
    private static final Set<String> ENDINGS = Stream.concat(
                    Arrays.stream(PictureType.values()).flatMap(type -> type.endings().stream()),
                    Stream.of("pdf", "mp4", "m4v", "mov", "mkv", "webm", "jxl", "jp2"))
            .collect(Collectors.toUnmodifiableSet());

    /** The pictures of arguments, in their order; a directory stands for its pictures, sorted by their paths. */
    static List<PictureArgument> of(List<String> arguments) {
        List<PictureArgument> pictures = new ArrayList<>();
        for (String argument : arguments) {
            List<String> below = isDirectory(argument) ? picturesBelow(argument) : List.of();
            // A directory without pictures, or one that cannot be read, is told of in its turn.
            (below.isEmpty() ? List.of(argument) : below).forEach(name -> pictures.add(new PictureArgument(name)));
        }
        return pictures;
    }

    private static List<String> picturesBelow(String directory) {
        Path root = Path.of(directory);
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> !isHidden(root.relativize(file)) && isPicture(file))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .map(Path::toString)
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static boolean isHidden(Path below) {
        return StreamSupport.stream(below.spliterator(), false)
                .anyMatch(part -> part.toString().startsWith("."));
    }

    private static boolean isPicture(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    private static boolean isDirectory(String name) {
        try {
            return !name.equals(STANDARD_INPUT) && Files.isDirectory(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /**
     * The picture, as {@code vlm:describe} takes it.
     *
     * @throws IOException if it is a directory, or there is no such file, or standard input cannot be read
     */
    Object body() throws IOException {
        if (name.equals(STANDARD_INPUT)) {
            InputStream in = System.in;
            return in.readAllBytes();
        }
        if (isDirectory(name)) {
            throw new IOException(
                    "no picture is in this directory, or it cannot be read: name a picture, or a directory"
                            + " with files that end in " + PictureType.exampleEndings());
        }
        return Path.of(name);
    }
}
