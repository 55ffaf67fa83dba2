package io.github.camelvlm.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassPathFilesTest {
    @TempDir
    private Path folder;

    private Path jar;

    @BeforeEach
    void pack() throws IOException {
        jar = Files.createDirectory(folder.resolve("my app")).resolve("app.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("BOOT-INF/lib/pdfbox.jar"));
            zip.write(new byte[] {1, 2, 3});
        }
    }

    /** As Spring Boot names the jars in its own, up to 3.1 and from 3.2 on. */
    @ParameterizedTest
    @ValueSource(strings = {"jar:file:%s!/BOOT-INF/lib/pdfbox.jar!/", "jar:nested:%s/!BOOT-INF/lib/pdfbox.jar!/"})
    void copyJarsThatAreWithinAJar(String location) throws IOException {
        Path copy = ClassPathFiles.file(
                url(String.format(location, jar.toUri().getPath().replace(" ", "%20"))), folder);

        assertThat(copy).isEqualTo(folder.resolve("pdfbox.jar")).hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void areUsedWhereTheyLie() throws IOException {
        assertThat(ClassPathFiles.file(jar.toUri().toURL(), folder)).isEqualTo(jar);
        assertThatThrownBy(() -> ClassPathFiles.file(url("http://example.org/a.jar"), folder))
                .isInstanceOf(IOException.class)
                .hasMessage("http://example.org/a.jar is no file");
    }

    /** This JVM knows no URLs of Spring Boot's. */
    private static URL url(String text) throws MalformedURLException {
        return new URL(null, text, new URLStreamHandler() {
            @Override
            protected URLConnection openConnection(URL opened) throws IOException {
                throw new IOException("not to be opened");
            }
        });
    }
}
