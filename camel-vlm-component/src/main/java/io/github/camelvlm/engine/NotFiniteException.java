package io.github.camelvlm.engine;

/** What a model computed is no number, or infinite. */
final class NotFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotFiniteException() {
        super(
                "its logits are not finite. Where that is so of every request, its weights are broken (download them again)"
                        + " or their type is too narrow (set dtype=float32)");
    }
}
