package io.github.camelvlm.remote;

import io.github.camelvlm.chat.BoxForm;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.ModelInfo;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** A model as the servers that have it tell of it. */
final class ToldModel {
    private ToldModel() {}

    /**
     * What is known of it.
     *
     * @param asked its name; null for the first that servers tell
     * @param startedAt when it was first asked for
     * @throws EngineUnavailableException if it has no name and no server tells one
     */
    static ModelInfo of(List<RemoteServer> servers, String asked, Instant startedAt) {
        List<List<RemoteServer.Served>> told = servers.stream()
                .map(RemoteServer::models)
                .filter(models -> !models.isEmpty())
                .toList();
        List<RemoteServer.Served> served = told.stream().flatMap(List::stream).toList();
        if (served.isEmpty() && asked == null) {
            throw new EngineUnavailableException(
                    "None of the servers " + servers + " tells which models it has: start them, or name the model");
        }
        String name = asked != null ? asked : served.get(0).name();
        int contextLength = served.stream()
                .filter(model -> model.name().equals(name))
                .mapToInt(RemoteServer.Served::contextLength)
                .findFirst()
                .orElse(0);
        return new ModelInfo(
                name, contextLength, "remote", startedAt, List.of(), RemoteAdapters.of(told, name), boxes(name));
    }

    /** Not of a Qwen2.5-VL, which counts in pixels of a picture that the server resizes as it pleases. */
    private static BoxForm boxes(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        return name.contains("qwen2-vl")
                ? BoxForm.REFERENCE
                : name.contains("qwen3-vl") ? BoxForm.JSON_THOUSANDTHS : null;
    }
}
