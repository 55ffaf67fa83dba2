package io.github.camelvlm.hub;

/** Fetches a model as its environment says, in a process that can be killed. */
final class FetchModel {
    private FetchModel() {}

    /** @param arguments the name of the model */
    public static void main(String[] arguments) throws InterruptedException {
        try (ModelHub hub = new ModelHub()) {
            System.out.println(
                    "directory " + hub.directory(arguments[0], new HubOptions("huggingface", true, System.getenv())));
        }
    }
}
