package io.github.camelvlm.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * A block of addresses that are not global unicast, after the IANA registries of special-purpose IPv4 and IPv6
 * addresses, RFC 6890. Of IPv6 only {@code 2000::/3} is assigned for global unicast (RFC 4291), so all the rest counts
 * as special, and so do the forms that carry an IPv4 address inside.
 *
 * @param prefix the first bytes of the block's addresses, 4 or 16 bytes
 * @param bits how many leading bits the block's addresses share
 * @param isPrivate whether the block is for this machine or for private networks
 * @param kind what its addresses are called, such as "a loopback address"
 */
record SpecialAddressBlock(byte[] prefix, int bits, boolean isPrivate, String kind) {

    // The first block that holds an address names it.
    private static final List<SpecialAddressBlock> ALL = List.of(
            privateBlock("127.0.0.0/8", "a loopback address"),
            privateBlock("10.0.0.0/8", "a private address"),
            privateBlock("172.16.0.0/12", "a private address"),
            privateBlock("192.168.0.0/16", "a private address"),
            privateBlock("100.64.0.0/10", "a carrier-grade NAT address"),
            block("169.254.0.0/16", "a link-local address"),
            block("0.0.0.0/32", "the unspecified address"),
            block("0.0.0.0/8", "an address of \"this network\""),
            block("192.0.0.0/24", "an address of an Internet protocol"),
            block("192.0.2.0/24", "an address for documentation"),
            block("198.51.100.0/24", "an address for documentation"),
            block("203.0.113.0/24", "an address for documentation"),
            block("192.88.99.0/24", "a 6to4 relay address"),
            block("198.18.0.0/15", "an address for benchmarks"),
            block("224.0.0.0/4", "a multicast address"),
            block("255.255.255.255/32", "the broadcast address"),
            block("240.0.0.0/4", "a reserved address"),
            privateBlock("::1/128", "a loopback address"),
            privateBlock("fc00::/7", "a private address"),
            privateBlock("fec0::/10", "a site-local address"),
            block("fe80::/10", "a link-local address"),
            block("ff00::/8", "a multicast address"),
            block("::/128", "the unspecified address"),
            block("::/96", "an IPv4-compatible address"),
            block("64:ff9b::/96", "a NAT64 address"),
            block("64:ff9b:1::/48", "a NAT64 address"),
            block("100::/64", "a discard-only address"),
            block("2001::/32", "a Teredo address"),
            block("2001:db8::/32", "an address for documentation"),
            block("3fff::/20", "an address for documentation"),
            block("2001::/23", "an address of an Internet protocol"),
            block("2002::/16", "a 6to4 address"),
            block("::/3", "a reserved address"),
            block("4000::/2", "a reserved address"),
            block("8000::/1", "a reserved address"));

    // Java turns such an address into an Inet4Address before anyone sees it, unless it was made from raw bytes.
    private static final SpecialAddressBlock IPV4_MAPPED =
            new SpecialAddressBlock(mappedPrefix(), 96, false, "an IPv4-mapped address");

    /** The block that an address is in, or nothing if it is a global unicast address. */
    static Optional<SpecialAddressBlock> of(InetAddress address) {
        return of(address.getAddress());
    }

    /** The same for an address of 4 or 16 bytes in network order. */
    static Optional<SpecialAddressBlock> of(byte[] address) {
        if (IPV4_MAPPED.holds(address)) {
            return Optional.of(IPV4_MAPPED);
        }
        return ALL.stream().filter(block -> block.holds(address)).findFirst();
    }

    private boolean holds(byte[] address) {
        if (address.length != prefix.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int bit = 0x80 >> i % 8;
            if ((address[i / 8] & bit) != (prefix[i / 8] & bit)) {
                return false;
            }
        }
        return true;
    }

    private static SpecialAddressBlock block(String cidr, String kind) {
        return block(cidr, false, kind);
    }

    private static SpecialAddressBlock privateBlock(String cidr, String kind) {
        return block(cidr, true, kind);
    }

    private static SpecialAddressBlock block(String cidr, boolean isPrivate, String kind) {
        String[] parts = cidr.split("/");
        try {
            // An address in digits is never looked up.
            byte[] prefix = InetAddress.getByName(parts[0]).getAddress();
            return new SpecialAddressBlock(prefix, Integer.parseInt(parts[1]), isPrivate, kind);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(cidr, e);
        }
    }

    private static byte[] mappedPrefix() {
        byte[] prefix = new byte[16];
        prefix[10] = (byte) 0xff;
        prefix[11] = (byte) 0xff;
        return prefix;
    }
}
