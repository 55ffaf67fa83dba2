package io.github.camelvlm.metrics;

import io.github.camelvlm.chat.VlmEngine;

/** Is told of engines and requests. Safe for use by many threads. */
public interface EngineObserver {
    /** Pays no attention. */
    EngineObserver NONE = new EngineObserver() {
        @Override
        public void loaded(VlmEngine engine) {
            // Not observed.
        }

        @Override
        public void ended(ObservedRequest request) {
            // Not observed.
        }

        @Override
        public void closed() {
            // Not observed.
        }
    };

    /** Follows an engine from now on. */
    void loaded(VlmEngine engine);

    /** Notes the end of a request. */
    void ended(ObservedRequest request);

    /** Follows no engine any more: all are closed. */
    void closed();
}
