package io.github.camelvlm.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a host: {@link InetAddress#getAllByName}, but for tests. */
@FunctionalInterface
interface HostLookup {

    /**
     * @param host a name, or an address in digits
     * @return its addresses, at least one
     * @throws UnknownHostException if it has none
     */
    InetAddress[] addresses(String host) throws UnknownHostException;
}
