package io.github.camelvlm.routes.benchmark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.impl.DefaultCamelContext;

/** Measures what films cost by their length, in a JVM of its own: tokens, time to the first one, memory, a second question. */
final class FilmMeasurement {
    private static final int[] SECONDS = {10, 30, 60};
    private static final int FPS = 2;
    private static final int WIDTH = 320;
    private static final int HEIGHT = 240;
    private static final int ANSWER = 2;

    private FilmMeasurement() {}

    /** @param arguments the model's directory */
    public static void main(String[] arguments) throws Exception {
        String uri = "device=cpu&dtype=bfloat16&speculation=off&contextLength=16384&maxSequences=2&model=RAW("
                + Path.of(arguments[0]) + ")";
        RandomPictures pictures = new RandomPictures();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            Answering answering = Answering.in(context, uri);
            answering.ask(Answering.request("What happens?", ANSWER));
            for (int seconds : SECONDS) {
                ObjectNode first = film(pictures, seconds);
                ObjectNode second = first.deepCopy();
                ((ObjectNode) second.at("/messages/0/content/1")).put("text", "How does it end?");
                int tokens = answering.promptTokens(first);
                double once = answering.ask(first).secondsToFirst();
                double again = answering.ask(second).secondsToFirst();
                String film =
                        "film of " + seconds + " s, " + WIDTH + " × " + HEIGHT + ", " + FPS + " frames a second: ";
                figure(film + "tokens", tokens, "tokens", "");
                figure(film + "first token", once, "s", "");
                figure(film + "resident memory", residentBytes() / 1e9, "GB", "");
                figure(film + "another question, first token ÷ first time", again / once, "ratio", "<= 0.15");
            }
        }
    }

    private static void figure(String name, double value, String unit, String bar) {
        System.out.println(Measurement.MARK + new Figure(name, value, unit, bar).format());
    }

    private static ObjectNode film(RandomPictures pictures, int seconds) {
        ObjectNode request = Answering.request("What happens?", ANSWER);
        ObjectNode video = ((ArrayNode) request.at("/messages/0/content"))
                .insertObject(0)
                .put("type", "video")
                .put("fps", FPS);
        ArrayNode frames = video.putArray("video");
        for (int i = 0; i < seconds * FPS; i++) {
            frames.add(pictures.url(WIDTH, HEIGHT));
        }
        return request;
    }

    /** The most of it that there was. */
    private static long residentBytes() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(each -> each.startsWith("VmHWM:"))
                .findFirst()
                .orElseThrow();
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
    }
}
