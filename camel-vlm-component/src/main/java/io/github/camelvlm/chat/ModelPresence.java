package io.github.camelvlm.chat;

/**
 * Whether a model is in memory, and how often it came and went.
 *
 * @param isLoaded whether it answers without being loaded before
 * @param loads how often it has been loaded
 * @param unloads how often it has been unloaded
 * @param failures how often it could not be loaded
 * @param replicas how many of it there are, each with weights of its own
 * @param readyReplicas those of them that answer at present
 */
public record ModelPresence(
        boolean isLoaded, long loads, long unloads, long failures, int replicas, int readyReplicas) {
    /** One that is loaded with its engine and stays. */
    public static final ModelPresence ALWAYS = new ModelPresence(true, 1, 0, 0, 1, 1);
}
