package io.github.camelvlm.http;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** Tells requests of people at this machine from those that come, or may come, from elsewhere. */
final class OwnMachine {
    /** A proxy on this machine speaks for clients elsewhere, and says so in one of these. */
    private static final List<String> OF_PROXIES =
            List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via");

    private OwnMachine() {}

    /**
     * Whether a request was made on this machine, for this machine: over a loopback address, through no proxy that tells of
     * itself, and by no web page of another host, not even one whose name was made to lead here.
     */
    static boolean made(HttpServerRequest request) {
        HostAndPort asked = request.authority();
        String origin = request.getHeader("Origin");
        return isLoopback(request.remoteAddress())
                && OF_PROXIES.stream().noneMatch(request.headers()::contains)
                && asked != null
                && isLoopback(asked.host())
                && (origin == null || isLoopbackOrigin(origin));
    }

    /** Whether the other end of a connection is on this machine; an address that is not known is not. */
    static boolean isLoopback(SocketAddress address) {
        return address != null && address.hostAddress() != null && isLoopback(address.hostAddress());
    }

    private static boolean isLoopbackOrigin(String origin) {
        try {
            String host = URI.create(origin).getHost();
            return host != null && isLoopback(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** By its text alone: a name is looked up nowhere. */
    private static boolean isLoopback(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return true;
        }
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(name);
        return address != null && address.isLoopbackAddress();
    }
}
