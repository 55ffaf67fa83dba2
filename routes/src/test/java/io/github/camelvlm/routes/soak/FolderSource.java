package io.github.camelvlm.routes.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.WatchedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Pictures that are put into the folder. */
final class FolderSource implements Source {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EVERY_BROKEN = 10;

    private final WatchedFolder folder;
    private final List<String> goldens = List.copyOf(Goldens.descriptions().keySet());
    /** The caption that each picture must get; empty for one that must fail. */
    private final Map<String, String> expected = new LinkedHashMap<>();

    private final Set<String> open = new HashSet<>();

    FolderSource(Path directory) {
        folder = new WatchedFolder(directory);
    }

    @Override
    public String name() {
        return "folder";
    }

    @Override
    public void put() throws IOException {
        int number = expected.size();
        String golden = goldens.get(number % goldens.size());
        boolean broken = number % EVERY_BROKEN == EVERY_BROKEN - 1;
        String name = "part-" + number % 3 + "/" + String.format("%06d-", number) + golden;
        folder.put(broken ? HostilePictures.broken() : Files.readAllBytes(Goldens.picture(golden)), name);
        expected.put(name, broken ? "" : Goldens.caption(golden));
        open.add(name);
    }

    @Override
    public void look() {
        open.removeIf(name -> folder.isDone(name) || folder.hasFailed(name));
    }

    @Override
    public int brought() {
        return expected.size();
    }

    @Override
    public int settled() {
        return expected.size() - open.size();
    }

    @Override
    public void check(Tally tally, int kills) throws IOException {
        Map<String, Integer> rows = new HashMap<>();
        Path summary = folder.captions().resolve("summary.jsonl");
        for (String line : Files.exists(summary) ? Files.readAllLines(summary) : List.<String>of()) {
            JsonNode row = JSON.readTree(line);
            rows.merge(row.get("name").asText(), 1, Integer::sum);
        }
        expected.forEach((name, caption) -> {
            try {
                if (caption.isEmpty() ? !folder.hasFailed(name) : !folder.isDone(name)) {
                    tally.fault("folder: " + name + " is lost");
                } else if (!folder.caption(name).equals(caption)) {
                    tally.fault("folder: " + name + " is called " + folder.caption(name) + ", not " + caption);
                }
            } catch (IOException e) {
                tally.fault("folder: " + name + ": " + e);
            }
            int told = rows.getOrDefault(name, 0);
            if (told != 1) {
                tally.fault("folder: " + name + " is summed up " + told + " times");
            }
        });
    }

    @Override
    public void close() {}
}
