package io.github.camelvlm.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Texts as they stand in documents, of many kinds, with as much in them that is equal as such texts have. */
final class OrdinaryTexts {
    private static final int OF_EACH_KIND = 18;
    private static final int LINES_OF_A_FILE = 150;

    private static final List<String> THINGS = List.of(
            "paper A4, white",
            "stapler",
            "pencil HB",
            "ink cartridge",
            "desk lamp",
            "folder",
            "ruler 30 cm",
            "envelope C5",
            "battery AA",
            "adapter cable",
            "whiteboard",
            "notebook, squared",
            "eraser",
            "paper clips",
            "label printer");
    private static final List<String> NAMES = List.of(
            "Anna Berg",
            "Luis Ortega",
            "Mei Lin",
            "John Smith",
            "Fatou Diop",
            "Olga Petrova",
            "Kenji Sato",
            "Marie Curie",
            "Ada King",
            "Noor Khan",
            "Peter Novak",
            "Sofia Rossi");
    private static final List<String> WORDS = List.of(
            "the",
            "agreement",
            "shall",
            "party",
            "within",
            "days",
            "of",
            "notice",
            "and",
            "delivery",
            "goods",
            "any",
            "claim",
            "under",
            "section",
            "is",
            "made",
            "in",
            "writing",
            "to",
            "seller",
            "buyer",
            "not",
            "later",
            "than",
            "which",
            "payment",
            "due",
            "without",
            "prior",
            "consent",
            "other",
            "terms",
            "apply",
            "where",
            "such",
            "rights",
            "are");
    private static final List<String> HOUSE = List.of(
            "the house that Jack built",
            "the malt that lay in",
            "the rat that ate",
            "the cat that killed",
            "the dog that worried",
            "the cow with the crumpled horn that tossed",
            "the maiden all forlorn that milked",
            "the man all tattered and torn that kissed");

    private OrdinaryTexts() {}

    /** All of them, by their kind. */
    static Map<String, List<String>> byKind() throws IOException {
        Map<String, Function<SplittableRandom, String>> kinds = new LinkedHashMap<>();
        kinds.put("markdown table", OrdinaryTexts::markdownTable);
        kinds.put("table with empty cells", OrdinaryTexts::tableWithEmptyCells);
        kinds.put("CSV with zeros", OrdinaryTexts::csvWithZeros);
        kinds.put("CSV with equal columns", OrdinaryTexts::csvWithEqualColumns);
        kinds.put("HTML table", OrdinaryTexts::htmlTable);
        kinds.put("numbered list", OrdinaryTexts::numberedList);
        kinds.put("list", OrdinaryTexts::list);
        kinds.put("invoice", OrdinaryTexts::invoice);
        kinds.put("blank form", OrdinaryTexts::blankForm);
        kinds.put("questionnaire", OrdinaryTexts::questionnaire);
        kinds.put("table of contents", OrdinaryTexts::tableOfContents);
        kinds.put("cumulative rhyme", OrdinaryTexts::cumulativeRhyme);
        kinds.put("counting song", OrdinaryTexts::countingSong);
        kinds.put("ballad with a refrain", OrdinaryTexts::balladWithRefrain);
        kinds.put("contract", OrdinaryTexts::contract);
        kinds.put("log", OrdinaryTexts::log);
        kinds.put("JSON", OrdinaryTexts::json);
        kinds.put("matrix", OrdinaryTexts::matrix);
        kinds.put("code with equal lines", OrdinaryTexts::codeWithEqualLines);
        kinds.put("timetable", OrdinaryTexts::timetable);
        kinds.put("bank statement", OrdinaryTexts::bankStatement);
        kinds.put("sheet of attendance", OrdinaryTexts::attendance);
        kinds.put("Chinese price list", OrdinaryTexts::chinesePriceList);
        Map<String, List<String>> texts = new LinkedHashMap<>();
        kinds.forEach((kind, make) -> texts.put(
                kind,
                IntStream.range(0, OF_EACH_KIND)
                        .mapToObj(i -> make.apply(new SplittableRandom(1000L * kind.hashCode() + i)))
                        .toList()));
        texts.put("Java", files("src/main/java", ".java", 80));
        texts.put("pages", files("src/main/docs", ".md", 12));
        texts.put("TorchScript", files("src/main/resources", ".torchscript", 20));
        return texts;
    }

    private static List<String> files(String directory, String ending, int most) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(directory))) {
            List<String> texts = new ArrayList<>();
            for (Path file : files.filter(each -> each.toString().endsWith(ending))
                    .sorted()
                    .limit(most)
                    .toList()) {
                texts.add(
                        Files.readAllLines(file).stream().limit(LINES_OF_A_FILE).collect(Collectors.joining("\n")));
            }
            return texts;
        }
    }

    private static <T> T any(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }

    private static String lines(int from, int to, SplittableRandom random, IntFunction<String> line) {
        return IntStream.rangeClosed(1, random.nextInt(from, to)).mapToObj(line).collect(Collectors.joining("\n"));
    }

    private static String repeat(int times, String text, String between) {
        return String.join(
                between, IntStream.range(0, times).mapToObj(i -> text).toList());
    }

    private static String price(SplittableRandom random) {
        return String.format(Locale.ROOT, "%.2f", random.nextInt(1, 20_000) / 100.0);
    }

    private static String sentence(SplittableRandom random) {
        return IntStream.range(0, random.nextInt(8, 25))
                .mapToObj(i -> any(WORDS, random))
                .collect(Collectors.joining(" "));
    }

    private static String markdownTable(SplittableRandom random) {
        return "| No. | Article | Quantity | Price | VAT |\n| --- | --- | --- | --- | --- |\n"
                + lines(
                        8,
                        40,
                        random,
                        i -> "| " + i + " | " + any(THINGS, random) + " | 1 | " + price(random) + " | 19 % |");
    }

    private static String tableWithEmptyCells(SplittableRandom random) {
        int columns = random.nextInt(3, 9);
        return "| Date |" + repeat(columns, "", " Shift |") + "\n|" + repeat(columns + 1, "---|", "") + "\n"
                + lines(10, 31, random, i -> "| " + LocalDate.of(2024, 3, i) + " |" + repeat(columns, "   |", ""));
    }

    private static String csvWithZeros(SplittableRandom random) {
        int columns = random.nextInt(4, 16);
        return "account," + IntStream.range(0, columns).mapToObj(i -> "m" + i).collect(Collectors.joining(",")) + "\n"
                + lines(20, 60, random, i -> (4000 + 10 * i) + "," + repeat(columns, "0", ","));
    }

    private static String csvWithEqualColumns(SplittableRandom random) {
        String equal = any(NAMES, random) + ",Berlin,Germany,EUR,active,standard,monthly,0.00,0.00,true,false,,,n/a";
        return lines(20, 50, random, i -> (random.nextInt(1, 9) + 10 * i) + "," + equal);
    }

    private static String htmlTable(SplittableRandom random) {
        return "<table>\n"
                + lines(
                        6,
                        25,
                        random,
                        i -> "  <tr>\n    <td class=\"left\">" + any(THINGS, random) + " " + i
                                + "</td>\n    <td class=\"right\">0</td>\n    <td class=\"right\">0</td>\n    <td>yes</td>\n  </tr>")
                + "\n</table>";
    }

    private static String numberedList(SplittableRandom random) {
        return lines(15, 80, random, i -> i + ". Check the seal, the valve and the gauge, and sign here.");
    }

    private static String list(SplittableRandom random) {
        return lines(20, 60, random, i -> "- " + any(THINGS, random) + ", " + random.nextInt(1, 100) + " pieces");
    }

    private static String invoice(SplittableRandom random) {
        return "INVOICE " + random.nextInt(1000, 9999) + "\n\nPos. Description Qty Unit Total\n"
                + lines(5, 30, random, i -> i + "    Consulting, one hour    1    95.00 EUR    95.00 EUR")
                + "\n\nSubtotal 95.00 EUR\nVAT 19 % 18.05 EUR\nTotal " + price(random) + " EUR\nThank you.";
    }

    private static String blankForm(SplittableRandom random) {
        List<String> fields =
                List.of("Name", "Street", "City", "Country", "Phone", "E-mail", "Date of birth", "Signature");
        return lines(
                15, 40, random, i -> any(fields, random) + " " + i + ": ____________________________  [ ] yes  [ ] no");
    }

    private static String questionnaire(SplittableRandom random) {
        return lines(
                10,
                30,
                random,
                i -> i + ") " + sentence(random)
                        + "?\n   ( ) never   ( ) rarely   ( ) sometimes   ( ) often   ( ) always");
    }

    private static String tableOfContents(SplittableRandom random) {
        return lines(
                20,
                50,
                random,
                i -> i / 5 + "." + i % 5 + " " + any(THINGS, random) + " "
                        + repeat(random.nextInt(20, 90), ".", random.nextBoolean() ? "" : " ") + " " + 3 * i);
    }

    private static String cumulativeRhyme(SplittableRandom random) {
        int verses = random.nextInt(4, HOUSE.size() + 1);
        return IntStream.rangeClosed(1, verses)
                .mapToObj(verse -> "This is "
                        + IntStream.range(0, verse)
                                .mapToObj(i -> HOUSE.get(verse - 1 - i))
                                .collect(Collectors.joining("\n"))
                        + ".")
                .collect(Collectors.joining("\n\n"));
    }

    private static String countingSong(SplittableRandom random) {
        int first = random.nextInt(8, 25);
        return IntStream.range(0, first)
                .mapToObj(i -> first - i)
                .map(i -> i + " green bottles hanging on the wall,\n" + i + " green bottles hanging on the wall,\n"
                        + "and if one green bottle should accidentally fall,\nthere'll be " + (i - 1)
                        + " green bottles hanging on the wall.")
                .collect(Collectors.joining("\n\n"));
    }

    private static String balladWithRefrain(SplittableRandom random) {
        String refrain = "Sing heigh, sing ho, the wind and the rain,\nsing heigh, sing ho, and over again,\n"
                + "the rain it raineth every day.";
        return lines(
                5,
                12,
                random,
                i -> sentence(random) + ",\n" + sentence(random) + ".\n\n" + refrain + "\n" + refrain + "\n");
    }

    private static String contract(SplittableRandom random) {
        return lines(
                10,
                25,
                random,
                i -> "§ " + i + " The seller and the buyer agree that " + sentence(random)
                        + ". The seller and the buyer agree that this applies without prejudice to section "
                        + random.nextInt(1, 40) + ".");
    }

    private static String log(SplittableRandom random) {
        return lines(
                20,
                60,
                random,
                i -> String.format(
                        Locale.ROOT,
                        "2024-05-02 10:%02d:%02d.%03d INFO  [worker-1] Request was"
                                + " answered with status 200 in 12 ms",
                        i / 60,
                        i % 60,
                        random.nextInt(1000)));
    }

    private static String json(SplittableRandom random) {
        return "[\n"
                + lines(
                                8,
                                40,
                                random,
                                i -> "  {\"id\": " + i
                                        + ", \"value\": 0, \"unit\": \"mm\", \"valid\": true, \"note\": null}")
                        .replace("}\n", "},\n")
                + "\n]";
    }

    private static String matrix(SplittableRandom random) {
        int size = random.nextInt(5, 14);
        return IntStream.range(0, size)
                .mapToObj(row -> IntStream.range(0, size)
                        .mapToObj(column -> row == column ? "1" : "0")
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining("\n"));
    }

    private static String codeWithEqualLines(SplittableRandom random) {
        return "switch (code) {\n" + lines(10, 40, random, i -> "    case " + i + ":\n        count++;\n        break;")
                + "\n}";
    }

    private static String timetable(SplittableRandom random) {
        int first = random.nextInt(4, 8);
        return lines(
                15,
                40,
                random,
                i -> String.format(
                        Locale.ROOT,
                        "%02d:%02d  Central Station  %02d:%02d  Airport  daily, not on 25 Dec",
                        first + i / 3,
                        i % 3 * 20,
                        first + (i + 2) / 3,
                        (i + 2) % 3 * 20));
    }

    private static String bankStatement(SplittableRandom random) {
        return lines(
                15,
                40,
                random,
                i -> LocalDate.of(2024, 1, 1).plusDays(i) + "  Card payment SUPERMARKET BERLIN  -" + price(random)
                        + "  EUR");
    }

    private static String attendance(SplittableRandom random) {
        int days = random.nextInt(5, 20);
        return lines(8, 25, random, i -> any(NAMES, random) + " " + i + ": " + repeat(days, "x", " "));
    }

    private static String chinesePriceList(SplittableRandom random) {
        List<String> dishes = List.of("宫保鸡丁", "麻婆豆腐", "鱼香肉丝", "番茄炒蛋", "红烧牛肉", "清蒸鲈鱼", "扬州炒饭");
        return lines(
                15, 40, random, i -> i + "、" + any(dishes, random) + "（大份）：" + random.nextInt(18, 128) + "元，不含税，仅限堂食");
    }
}
