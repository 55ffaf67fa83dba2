package io.github.camelvlm.routes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command that a page tells people to type: a block of {@code sh}. Behind that word a page may say {@code asks}, of one that
 * asks the application which the command before has started, or {@code not run:} with the reason why no test types it.
 *
 * @param place the page and the line
 * @param text what is typed
 * @param serves whether it goes on until it is stopped
 * @param asked what is asked of it meanwhile
 * @param printed the lines of the {@code printed} block that follows, of which numbers may differ, and all where an ellipsis
 *     stands
 * @param notRun why no test types it, or empty
 */
record DocumentedCommand(
        String place, String text, boolean serves, List<String> asked, List<String> printed, String notRun) {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```([^\\n]*)\\n(.*?)^```");
    private static final Pattern SERVING = Pattern.compile("camel-vlm\\.jar(?! (describe|config|health)\\b)");
    private static final Pattern NUMBER = Pattern.compile("\\d[\\d.,]*");

    static List<DocumentedCommand> of(Path page, String name) throws IOException {
        String text = Files.readString(page);
        List<DocumentedCommand> commands = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            String kind = block.group(1).strip();
            String content = block.group(2).strip();
            String place = name + ":" + text.substring(0, block.start()).lines().count();
            if (kind.equals("sh asks")) {
                last(commands, place).asked.add(content);
            } else if (kind.equals("printed")) {
                content.lines().filter(line -> !line.isBlank()).forEach(last(commands, place).printed::add);
            } else if (kind.equals("sh") || kind.startsWith("sh ")) {
                commands.add(command(place, content, kind.substring(2).strip()));
            }
        }
        return commands;
    }

    private static DocumentedCommand command(String place, String text, String how) {
        String notRun = text.equals("mvn verify") ? "it is the build itself" : "";
        if (how.startsWith("not run: ")) {
            notRun = how.substring("not run: ".length());
        } else if (!how.isEmpty()) {
            throw new AssertionError(place + ": behind sh stands nothing, asks, or not run: REASON");
        }
        // The application goes on unless it is given one of its commands.
        boolean serves = text.contains("java ") && SERVING.matcher(text).find();
        return new DocumentedCommand(place, text, serves, new ArrayList<>(), new ArrayList<>(), notRun);
    }

    private static DocumentedCommand last(List<DocumentedCommand> commands, String place) {
        if (commands.isEmpty()) {
            throw new AssertionError(place + ": no command comes before this block");
        }
        return commands.get(commands.size() - 1);
    }

    boolean isRun() {
        return notRun.isEmpty();
    }

    /** The first line that it ought to have printed and did not, or null. */
    String missing(String output) {
        return printed.stream()
                .filter(line -> !pattern(line).matcher(output).find())
                .findFirst()
                .orElse(null);
    }

    private static Pattern pattern(String line) {
        StringBuilder pattern = new StringBuilder();
        for (String part : line.strip().split("…", -1)) {
            pattern.append(pattern.isEmpty() ? "" : ".*");
            int end = 0;
            Matcher number = NUMBER.matcher(part);
            while (number.find()) {
                pattern.append(Pattern.quote(part.substring(end, number.start())))
                        .append("\\d[\\d.,]*");
                end = number.end();
            }
            pattern.append(Pattern.quote(part.substring(end)));
        }
        return Pattern.compile(pattern.toString());
    }

    @Override
    public String toString() {
        return place + " " + text.lines().findFirst().orElse("");
    }
}
