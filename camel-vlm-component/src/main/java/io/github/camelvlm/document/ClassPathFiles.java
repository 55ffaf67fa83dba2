package io.github.camelvlm.document;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Where classes come from, as another JVM can find them: jars within a jar, as Spring Boot packs them, are copied. */
final class ClassPathFiles {
    /** {@code jar:file:/app.jar!/BOOT-INF/lib/x.jar!/}, and {@code jar:nested:/app.jar/!BOOT-INF/lib/x.jar!/}. */
    private static final Pattern NESTED =
            Pattern.compile("(?:jar:)?(?:file|nested):(.+?\\.[jw]ar)/?!/?(.+?\\.jar)(?:!?/)?");

    private ClassPathFiles() {}

    /**
     * The class path that has these classes.
     *
     * @param folder takes up what is copied
     * @throws IOException if one of them comes from no file
     */
    static String of(List<Class<?>> classes, Path folder) throws IOException {
        Set<String> files = new LinkedHashSet<>();
        for (Class<?> each : classes) {
            files.add(file(each, folder).toString());
        }
        return String.join(File.pathSeparator, files);
    }

    private static Path file(Class<?> each, Path folder) throws IOException {
        URL location = each.getProtectionDomain().getCodeSource().getLocation();
        return file(location, folder);
    }

    static Path file(URL location, Path folder) throws IOException {
        Matcher nested = NESTED.matcher(location.toString());
        try {
            if (nested.matches()) {
                return copied(Path.of(new URI("file:" + nested.group(1))), nested.group(2), folder);
            }
            if (location.getProtocol().equals("file")) {
                return Path.of(location.toURI());
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IOException(location + " is no file", e);
        }
        throw new IOException(location + " is no file");
    }

    private static Path copied(Path jar, String entry, Path folder) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry found = zip.getEntry(entry);
            if (found == null) {
                throw new IOException(jar + " has no " + entry);
            }
            Path copy = folder.resolve(entry.substring(entry.lastIndexOf('/') + 1));
            try (InputStream in = zip.getInputStream(found)) {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            return copy;
        }
    }
}
