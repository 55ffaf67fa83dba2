package io.github.camelvlm.remote;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The adapters of a model that servers tell of beside it. */
final class RemoteAdapters {
    private RemoteAdapters() {}

    /**
     * Those that all servers have: a request may go to any of them.
     *
     * @param servers what each server tells that has told anything
     * @param model the name of the model
     * @return their own names, by the names that requests give them
     */
    static Map<String, String> of(List<List<RemoteServer.Served>> servers, String model) {
        Map<String, String> common = new LinkedHashMap<>();
        for (int i = 0; i < servers.size(); i++) {
            Map<String, String> own = listed(servers.get(i), model);
            if (i == 0) {
                common.putAll(own);
            } else {
                common.keySet().retainAll(own.keySet());
            }
        }
        return common;
    }

    private static Map<String, String> listed(List<RemoteServer.Served> served, String model) {
        Map<String, String> adapters = new LinkedHashMap<>();
        for (RemoteServer.Served each : served) {
            if (each.parent() != null && !each.name().equals(model) && isSame(served, each.parent(), model)) {
                adapters.put(each.name(), each.root() == null ? each.name() : each.root());
            }
        }
        return adapters;
    }

    /** Whether two names are the same model's: a server tells its own name of each. */
    private static boolean isSame(List<RemoteServer.Served> served, String one, String other) {
        return one.equals(other)
                || root(served, one)
                        .filter(root -> root(served, other).filter(root::equals).isPresent())
                        .isPresent();
    }

    private static Optional<String> root(List<RemoteServer.Served> served, String name) {
        return served.stream()
                .filter(each -> each.name().equals(name))
                .map(RemoteServer.Served::root)
                .filter(Objects::nonNull)
                .findFirst();
    }
}
