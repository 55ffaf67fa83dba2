package io.github.camelvlm.hub;

import java.util.Map;

/**
 * How models that are not on this machine are had.
 *
 * @param hub {@code huggingface} or {@code modelscope}
 * @param download whether they are fetched at all
 * @param environment the variables of huggingface_hub, which say where the cache is, where the hub is, and with which key
 *     it is asked
 */
public record HubOptions(String hub, boolean download, Map<String, String> environment) {
    public HubOptions {
        environment = Map.copyOf(environment);
    }

    /** @throws ModelDownloadException if there is no such hub, or a variable is unusable */
    Hub site() {
        HubEnvironment variables = new HubEnvironment(environment);
        return switch (hub) {
            case "huggingface" -> HuggingFaceHub.of(variables);
            case "modelscope" -> ModelScopeHub.of(variables);
            default -> throw new ModelDownloadException("hub must be huggingface or modelscope, but is " + hub);
        };
    }
}
