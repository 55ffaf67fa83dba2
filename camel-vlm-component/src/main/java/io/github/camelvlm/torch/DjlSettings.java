package io.github.camelvlm.torch;

/** What DJL is told before it is first used; what the user has set stands. */
public final class DjlSettings {
    private DjlSettings() {}

    /** To be called before any class of DJL is used. */
    public static void apply() {
        // DJL reports its use to its makers unless told not to; a component of another's application must not.
        setIfAbsent("OPT_OUT_TRACKING", "true");
        // On a machine with a GPU, DJL downloads a CUDA build of the tokenizer, which has no use for it.
        setIfAbsent("RUST_FLAVOR", "cpu");
        // Programs run without it (see TorchProgram), and DJL need not warn of it.
        setIfAbsent("ai.djl.pytorch.graph_optimizer", "false");
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null && System.getenv(property) == null) {
            System.setProperty(property, value);
        }
    }
}
