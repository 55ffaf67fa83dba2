package io.github.camelvlm.media;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares what the decoder makes of a folder of pictures with what pillow_pixels.py wrote of the same folder. It prints a
 * line for each file and a table by format, for a developer to read; what is to hold for good becomes a test.
 */
public final class PictureComparison {

    /** JPEG decoders round differently by this much, where all else is right. */
    private static final int ROUNDING = 4;

    private final PrintStream out;
    private final ImageDecoder decoder = new ImageDecoder();
    private final Map<String, Map<Outcome, Integer>> counts = new TreeMap<>();

    private enum Outcome {
        EQUAL("equal"),
        ROUNDED("≤ " + ROUNDING),
        DIFFERENT("> " + ROUNDING),
        OTHER_SIZE("size"),
        REFUSED("refused"),
        READ_ALONE("read alone"),
        REFUSED_BY_BOTH("refused by both");

        private final String heading;

        Outcome(String heading) {
            this.heading = heading;
        }
    }

    private PictureComparison(PrintStream out) {
        this.out = out;
    }

    /**
     * Compares and prints.
     *
     * @param folder the pictures
     * @param pixels the folder that pillow_pixels.py wrote
     */
    static void compare(Path folder, Path pixels, PrintStream out) throws IOException {
        PictureComparison comparison = new PictureComparison(out);
        for (String line : Files.readAllLines(pixels.resolve("pixels.tsv"))) {
            String[] fields = line.split("\t");
            boolean read = fields[2].matches("\\d+\\.png");
            RgbImage expected = read ? Pictures.rgb(Files.readAllBytes(pixels.resolve(fields[2]))) : null;
            byte[] bytes = Files.readAllBytes(folder.resolve(fields[0]));
            Outcome outcome = comparison.compare(fields[0], bytes, expected, fields[2]);
            comparison
                    .counts
                    .computeIfAbsent(fields[1], kind -> new EnumMap<>(Outcome.class))
                    .merge(outcome, 1, Integer::sum);
        }
        comparison.printTable();
    }

    /** @param words why there is nothing to expect */
    private Outcome compare(String name, byte[] bytes, RgbImage expected, String words) {
        RgbImage decoded;
        try {
            decoded = decoder.decode(name, bytes);
        } catch (ImageException e) {
            out.println("refused    " + e.getMessage() + (expected == null ? " | Pillow: " + words : ""));
            return expected == null ? Outcome.REFUSED_BY_BOTH : Outcome.REFUSED;
        }
        if (expected == null) {
            out.println("read alone " + name + ": " + decoded + " | Pillow: " + words);
            return Outcome.READ_ALONE;
        }
        if (decoded.width() != expected.width() || decoded.height() != expected.height()) {
            out.println("size       " + name + ": " + decoded + " | Pillow: " + expected);
            return Outcome.OTHER_SIZE;
        }
        int largest = Pictures.largestDifference(decoded, expected);
        if (largest == 0) {
            out.println("equal      " + name);
            return Outcome.EQUAL;
        }
        double mean = Pictures.meanDifference(decoded, expected);
        out.println(String.format(Locale.ROOT, "differs    %s: by %d at most, %.3f on average", name, largest, mean));
        return largest <= ROUNDING ? Outcome.ROUNDED : Outcome.DIFFERENT;
    }

    private void printTable() {
        out.println();
        StringBuilder head = new StringBuilder("| format | files |");
        for (Outcome outcome : Outcome.values()) {
            head.append(' ').append(outcome.heading).append(" |");
        }
        out.println(head);
        out.println("|---".repeat(2 + Outcome.values().length) + "|");
        counts.forEach((kind, row) -> {
            int files = row.values().stream().mapToInt(Integer::intValue).sum();
            StringBuilder line = new StringBuilder("| " + kind + " | " + files + " |");
            for (Outcome outcome : Outcome.values()) {
                line.append(' ').append(row.getOrDefault(outcome, 0)).append(" |");
            }
            out.println(line);
        });
    }

    /** @param args the folder of pictures and that of the pixels */
    public static void main(String[] args) throws IOException {
        compare(Path.of(args[0]), Path.of(args[1]), new PrintStream(System.out, true, StandardCharsets.UTF_8));
    }
}
