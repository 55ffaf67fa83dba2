package io.github.camelvlm.fetch;

import java.net.UnknownHostException;

/** A host has an address that pictures may not be fetched from. An UnknownHostException, as resolvers may throw no other. */
final class RefusedAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    RefusedAddressException(String message) {
        super(message);
    }
}
