package io.github.camelvlm;

import io.github.camelvlm.exchange.VlmHeaders;

/**
 * The headers of the component, under the name by which routes and Camel's tools look for them. They are declared where
 * messages are read and answered.
 */
public final class VlmConstants extends VlmHeaders {
    private VlmConstants() {}
}
