package io.github.camelvlm.routes.folder;

import io.github.camelvlm.chat.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The names of files, as far as file systems bound their length: most take 255 bytes. */
final class FileNames {
    private static final int LONGEST = 255;

    /** What is put around the name of a picture at most: that of the reason while it is written. */
    private static final String AROUND = "." + PictureFolder.REASON;

    private static final int LONGEST_OF_PICTURES = LONGEST - AROUND.length();

    private FileNames() {}

    /**
     * Refuses a picture whose name leaves no room for those of its caption and the reason of its failure.
     *
     * @param name its path below the inbox
     * @throws InvalidRequestException if it is too long
     */
    static void requireRoom(String name) {
        int length = bytes(Path.of(name).getFileName().toString());
        if (length > LONGEST_OF_PICTURES) {
            throw new InvalidRequestException(
                    "the file's name",
                    "has " + length + " bytes, more than the " + LONGEST_OF_PICTURES + " that leave room for "
                            + PictureFolder.REASON + ": give it a shorter one");
        }
    }

    /** The path itself if its last name leaves room for others, else one whose last name is cut before its ending. */
    static Path fit(Path path) {
        return withStem(path, "");
    }

    /** A path that is not taken: {@code cat-1.png}, {@code cat-2.png} … for {@code cat.png}. */
    static Path free(Path path) {
        int number = 1;
        while (Files.exists(withStem(path, "-" + number), LinkOption.NOFOLLOW_LINKS)) {
            number++;
        }
        return withStem(path, "-" + number);
    }

    private static Path withStem(Path path, String suffix) {
        String name = path.getFileName().toString();
        int dot = name.lastIndexOf('.');
        // A long ending is none.
        boolean hasEnding = dot > 0 && bytes(name.substring(dot)) <= LONGEST_OF_PICTURES / 4;
        String ending = hasEnding ? name.substring(dot) : "";
        String stem = hasEnding ? name.substring(0, dot) : name;
        while (bytes(stem) + bytes(suffix + ending) > LONGEST_OF_PICTURES) {
            stem = stem.substring(0, stem.offsetByCodePoints(stem.length(), -1));
        }
        return path.resolveSibling(stem + suffix + ending);
    }

    private static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }
}
