package io.github.camelvlm.fetch;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Gives the HTTP client only addresses that pictures may be fetched from. The client connects to exactly what comes from
 * here, so no second look-up can answer otherwise (DNS rebinding).
 */
final class CheckedDnsResolver implements DnsResolver {
    private final HostLookup lookup;
    private final AddressRule rule;

    CheckedDnsResolver(HostLookup lookup, AddressRule rule) {
        this.lookup = lookup;
        this.rule = rule;
    }

    /**
     * All addresses of a host.
     *
     * @throws RefusedAddressException if even one of them is not allowed
     * @throws UnknownHostException if it has none
     */
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = lookup.addresses(host);
        for (InetAddress address : addresses) {
            if (host.indexOf(':') >= 0 && address instanceof Inet4Address) {
                throw new RefusedAddressException(
                        host + " is an IPv4-mapped address; write " + address.getHostAddress());
            }
            Optional<String> refusal = rule.refusal(address);
            if (refusal.isPresent()) {
                String digits = address.getHostAddress();
                throw new RefusedAddressException(
                        (host.equals(digits) ? host : host + " has the address " + digits + ", which") + " is "
                                + refusal.get());
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
