package io.github.camelvlm.document;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.process.BoundedProcess;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * The pages of a PDF, rendered one after another by {@link PageRenderer} in a JVM of its own, since there is no end to what
 * a PDF may ask of one. Where a page ends that JVM, another goes on behind it.
 */
final class PdfPages implements DocumentPages {
    private static final String NEEDED = "put org.apache.pdfbox:pdfbox (version 3) on the class path, which reads PDF";
    private static final String MEMORY = "-Xmx512m";
    /** Of a page, or of reading what pages there are. */
    private static final Duration PAGE_LIMIT = Duration.ofSeconds(15);

    private static final int MAX_PNG_BYTES = 256 << 20;

    private final String name;
    private final DocumentOptions options;
    private final Path folder;
    private final Path file;
    private final Duration pageLimit;
    private final CompletionStage<?> cancellation;
    private String classPath;
    private int count;
    private int[] wanted;
    private int next;
    private BoundedProcess process;
    private DataInputStream from;
    private DataOutputStream to;

    private PdfPages(
            String name,
            DocumentOptions options,
            Path folder,
            Path file,
            Duration pageLimit,
            CompletionStage<?> cancellation) {
        this.name = name;
        this.options = options;
        this.folder = folder;
        this.file = file;
        this.pageLimit = pageLimit;
        this.cancellation = cancellation;
    }

    static PdfPages open(String name, byte[] bytes, DocumentOptions options, CompletionStage<?> cancellation) {
        return open(name, bytes, options, PAGE_LIMIT, cancellation);
    }

    static PdfPages open(
            String name, byte[] bytes, DocumentOptions options, Duration pageLimit, CompletionStage<?> cancellation) {
        if (PdfEnd.isMissing(bytes)) {
            throw new ImageException(String.format(
                    Locale.ROOT, "document %s is cut off after %,d bytes: copy the whole file", name, bytes.length));
        }
        try {
            Path folder = Files.createTempDirectory("camel-vlm-document");
            PdfPages pages =
                    new PdfPages(name, options, folder, folder.resolve("document.pdf"), pageLimit, cancellation);
            try {
                pages.classPath = ClassPathFiles.of(PdfLibrary.classes(), folder);
                Files.write(pages.file, bytes);
                pages.count = pages.begin();
                pages.wanted = options.pages().of(pages.count, options.maxPages());
                return pages;
            } catch (IOException | RuntimeException | Error e) {
                try (pages) {
                    throw e;
                }
            }
        } catch (NoClassDefFoundError e) {
            throw new ImageException("document " + name + " is a PDF, which is not read here: " + NEEDED, e);
        } catch (IOException e) {
            throw new ImageException("document " + name + " cannot be read, " + e.getMessage(), e);
        }
    }

    /** Starts the process, and returns how many pages it finds. */
    private int begin() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        process = BoundedProcess.start(
                List.of(
                        java,
                        MEMORY,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.awt.headless=true",
                        "-Djava.io.tmpdir=" + folder,
                        "-Dpdfbox.fontcache=" + System.getProperty("java.io.tmpdir"),
                        "-cp",
                        classPath,
                        PageRenderer.class.getName(),
                        file.toString(),
                        String.valueOf(options.maxPixels()),
                        String.valueOf(options.dpi() == null ? 0 : options.dpi()),
                        String.valueOf(pageLimit.toMillis())),
                Map.of(),
                folder,
                limit(),
                0,
                cancellation);
        from = new DataInputStream(new BufferedInputStream(process.output()));
        to = new DataOutputStream(process.input());
        to.writeUTF(options.password() == null ? "" : options.password());
        to.flush();
        if (from.readByte() == PageRenderer.FAILED) {
            throw new ImageException("document " + name + " cannot be read, " + from.readUTF());
        }
        return from.readInt();
    }

    /** For all pages, each of which the process bounds itself. */
    private Duration limit() {
        return pageLimit.multipliedBy(options.maxPages() + 1L);
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public int[] wanted() {
        return wanted.clone();
    }

    @Override
    public void skip(int pages) {
        next += pages;
    }

    @Override
    public boolean hasNext() {
        return next < wanted.length;
    }

    @Override
    public DocumentPage next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all pages were read");
        }
        int number = wanted[next++];
        try {
            if (process == null) {
                begin();
            }
            to.writeInt(number);
            to.flush();
            if (from.readByte() == PageRenderer.PAGE) {
                byte[] png = from.readNBytes(length());
                return new DocumentPage(number, new EncodedImage(DocumentPage.name(number, name), png), null);
            }
            return failed(number, from.readUTF());
        } catch (ImageException e) {
            return failed(number, e.getMessage());
        } catch (OutOfMemoryError e) {
            return failed(number, DocumentPage.NO_MEMORY);
        } catch (EOFException e) {
            return failed(number, complaint());
        } catch (IOException e) {
            return failed(number, e.getMessage());
        }
    }

    private int length() throws IOException {
        int length = from.readInt();
        if (length < 1 || length > MAX_PNG_BYTES) {
            throw new IOException("its picture has " + length + " bytes");
        }
        return length;
    }

    /** What ended the process; another is started for the next page. */
    private String complaint() {
        try {
            process.awaitSuccess();
            return "its process ended";
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private DocumentPage failed(int number, String reason) {
        // After a page that took too long it has ended, and after another it may as well.
        rest();
        return DocumentPage.failed(number, name, reason);
    }

    @Override
    public void rest() {
        if (process != null) {
            process.close();
            process = null;
        }
    }

    @Override
    public void close() {
        Closing.all(this::rest, this::deleteFolder);
    }

    private void deleteFolder() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (NoSuchFileException e) {
            // It was closed before.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
