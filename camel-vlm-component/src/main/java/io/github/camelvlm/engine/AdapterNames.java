package io.github.camelvlm.engine;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What adapters are called where they come from, whatever names an endpoint has for them. */
final class AdapterNames {
    private AdapterNames() {}

    /** By the endpoint's own names, in their order. */
    static Map<String, String> of(Map<String, Path> adapters) {
        Map<String, String> names = new LinkedHashMap<>();
        adapters.forEach((name, directory) -> names.put(name, of(directory)));
        return names;
    }

    /** That of a directory; in the cache of a hub it is a commit, so there it is the repository's. */
    static String of(Path directory) {
        Path folder = directory.getParent() != null && directory.getParent().endsWith("snapshots")
                ? directory.getParent().getParent()
                : directory;
        return String.valueOf(folder.getFileName());
    }
}
