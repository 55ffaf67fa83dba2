package io.github.camelvlm.routes.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A file of one row per picture, each on a line of its own: JSON Lines, or CSV with a line of names above and
 * {@link CsvTexts}.
 *
 * <p>A row is written before its picture leaves. So after a crash, or when a picture cannot be moved, the last row may be
 * one whose picture comes again, or half of one. Half a row is taken back before the next one is written, a whole one when
 * its picture goes back to the inbox. This needs no second file and no memory, and it holds as long as the rows of pictures
 * are written and the pictures moved one after the other.
 */
final class SummaryFile {
    /** More than most rows are long; longer ones are found in a second step. */
    private static final int TAIL = 4096;

    private final Path file;
    private final boolean isCsv;
    private final ObjectWriter writer;
    private final ObjectReader reader;
    private final String head;

    /** @param file where the rows go; CSV if its name ends in {@code .csv}, else JSON Lines */
    SummaryFile(Path file) {
        this.file = file;
        isCsv = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".csv");
        if (isCsv) {
            CsvMapper mapper = CsvMapper.csvBuilder()
                    .enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING)
                    .addModule(new CsvTexts())
                    .build();
            CsvSchema schema = mapper.schemaFor(SummaryRow.class);
            writer = mapper.writer(schema);
            reader = mapper.readerFor(SummaryRow.class).with(schema);
            head = String.join(",", schema.getColumnNames()) + "\n";
        } else {
            ObjectMapper mapper = new ObjectMapper();
            writer = mapper.writer();
            reader = mapper.readerFor(SummaryRow.class);
            head = "";
        }
    }

    /**
     * Writes a row below the others.
     *
     * @throws IOException if the file cannot be read or written to
     */
    void append(SummaryRow row) throws IOException {
        String text = writer.writeValueAsString(row) + (isCsv ? "" : "\n");
        Files.createDirectories(file.getParent());
        try (RandomAccessFile rows = new RandomAccessFile(file.toFile(), "rw")) {
            long end = lineStart(rows, rows.length());
            rows.setLength(end);
            rows.seek(end);
            // In one write, so that a row is there whole or not at all when the process is killed.
            rows.write(((end == 0 ? head : "") + text).getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Takes the last row back if it is of a picture that is in a directory.
     *
     * @throws IOException if the file cannot be read or written to
     */
    void takeBack(Path directory) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (RandomAccessFile rows = new RandomAccessFile(file.toFile(), "rw")) {
            long end = lineStart(rows, rows.length());
            if (end > 0) {
                long start = lineStart(rows, end - 1);
                byte[] line = new byte[Math.toIntExact(end - 1 - start)];
                rows.seek(start);
                rows.readFully(line);
                rows.setLength(isOfAPictureIn(directory, new String(line, StandardCharsets.UTF_8)) ? start : end);
            }
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }

    private boolean isOfAPictureIn(Path directory, String line) {
        try {
            return reader.<SummaryRow>readValue(line).isOfAPictureIn(directory);
        } catch (JsonProcessingException e) {
            // The line of names, or what a person wrote there: it stays.
            return false;
        }
    }

    /** The place after the last line break before an end, 0 if there is none. */
    private static long lineStart(RandomAccessFile rows, long end) throws IOException {
        long until = end;
        while (until > 0) {
            long from = Math.max(0, until - TAIL);
            byte[] piece = new byte[(int) (until - from)];
            rows.seek(from);
            rows.readFully(piece);
            for (int at = piece.length - 1; at >= 0; at--) {
                if (piece[at] == '\n') {
                    return from + at + 1;
                }
            }
            until = from;
        }
        return 0;
    }
}
