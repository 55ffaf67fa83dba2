package io.github.camelvlm.http;

import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** By what the connections of one client are told from those of others. */
final class ClientAddress {
    /** One subscriber has all addresses of an IPv6 network of this many bytes. */
    private static final int NETWORK_BYTES = 8;

    private ClientAddress() {}

    /**
     * The name of the client at an address.
     *
     * @param address of the other end of a connection
     * @return an IPv4 address, or the network of an IPv6 address
     */
    static String of(SocketAddress address) {
        String host = address == null ? null : address.hostAddress();
        if (host == null) {
            return "";
        }
        try {
            // A numeric address: nothing is looked up.
            InetAddress ip = InetAddress.getByName(host);
            return ip instanceof Inet6Address
                    ? InetAddress.getByAddress(Arrays.copyOf(Arrays.copyOf(ip.getAddress(), NETWORK_BYTES), 16))
                            .getHostAddress()
                    : ip.getHostAddress();
        } catch (UnknownHostException e) {
            return host;
        }
    }
}
