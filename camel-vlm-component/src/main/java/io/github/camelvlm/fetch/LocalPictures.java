package io.github.camelvlm.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Reads pictures from local files, below the directories that the policy allows and nowhere else. */
final class LocalPictures {
    private static final Pattern FILE_URL = Pattern.compile("(?i)file:.*", Pattern.DOTALL);
    // Two letters at least: C:\cat.png is a path.
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:.*", Pattern.DOTALL);

    private final PicturePolicy policy;

    LocalPictures(PicturePolicy policy) {
        this.policy = policy;
    }

    /**
     * Reads a file.
     *
     * @param text a {@code file:} URL, or a path; a relative one starts at the directory that the JVM was started in
     * @throws PictureSourceException if it may not be read or cannot be
     */
    byte[] read(String text) {
        Path path = path(text);
        if (policy.allowedDirectories().isEmpty()) {
            throw PictureSourceException.refused(
                    UrlName.of(text),
                    "local files are not allowed; name their directory in allowedDirectories, or send the picture"
                            + " itself");
        }
        try {
            return readRegularFile(text, allowedFile(text, path.toAbsolutePath()));
        } catch (NoSuchFileException e) {
            throw PictureSourceException.unfetchable(
                    UrlName.of(text), "there is no such file to be read; check the name", e);
        } catch (IOException e) {
            throw PictureSourceException.unfetchable(
                    UrlName.of(text), "the file cannot be read; check its permissions", e);
        }
    }

    private static Path path(String text) {
        try {
            if (FILE_URL.matcher(text).matches()) {
                URI uri = new URI(text.strip());
                boolean isLocal =
                        uri.getAuthority() == null || uri.getAuthority().equalsIgnoreCase("localhost");
                if (isLocal && uri.getPath() != null) {
                    return Path.of(new URI("file", null, uri.getPath(), uri.getQuery(), uri.getFragment()));
                }
            } else if (!SCHEME.matcher(text).matches() && !text.isBlank()) {
                return Path.of(text);
            }
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            // Said below: the messages of these would show the whole URL.
        }
        throw PictureSourceException.malformed(
                UrlName.of(text),
                "has a URL that cannot be used: write https://…, data:image/png;base64,… or file:///…");
    }

    /** The file with all links resolved, once it is known to lie below an allowed directory. */
    private Path allowedFile(String text, Path path) throws IOException {
        List<Path> directories = policy.allowedDirectories().stream()
                .map(Path::toAbsolutePath)
                .filter(directory -> Objects.equals(directory.getRoot(), path.getRoot()))
                .map(LocalPictures::realPath)
                .filter(Objects::nonNull)
                .toList();
        // Of a file that is not there, the nearest directory that is decides: a client learns nothing here of what
        // exists elsewhere.
        Path nearest = path;
        Path real = null;
        while (!directories.isEmpty() && nearest != null && (real = realPath(nearest)) == null) {
            nearest = nearest.getParent();
        }
        if (real == null || directories.stream().noneMatch(real::startsWith)) {
            throw PictureSourceException.refused(
                    UrlName.of(text),
                    "it is outside the directories that are allowed; add its directory to allowedDirectories, or send"
                            + " the picture itself");
        }
        if (!nearest.equals(path)) {
            throw new NoSuchFileException(path.toString());
        }
        return real;
    }

    private static Path realPath(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return null;
        }
    }

    private byte[] readRegularFile(String text, Path real) throws IOException {
        // To open a pipe or a device may wait for ever.
        if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
            throw PictureSourceException.unfetchable(UrlName.of(text), "it is not a regular file; name one", null);
        }
        int maxBytes = policy.maxImageBytes();
        if (Files.size(real) > maxBytes) {
            throw PictureSourceException.tooLarge(UrlName.of(text), maxBytes);
        }
        try (InputStream in = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(maxBytes);
            if (bytes.length == maxBytes && in.read() >= 0) {
                throw PictureSourceException.tooLarge(UrlName.of(text), maxBytes);
            }
            return bytes;
        }
    }
}
