package io.github.camelvlm.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecialAddressBlockTest {

    /** Each block's first and last address. */
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, the unspecified address",
        "0.0.0.1, an address of \"this network\"",
        "0.255.255.255, an address of \"this network\"",
        "10.0.0.0, a private address",
        "10.255.255.255, a private address",
        "100.64.0.0, a carrier-grade NAT address",
        "100.127.255.255, a carrier-grade NAT address",
        "127.0.0.0, a loopback address",
        "127.255.255.255, a loopback address",
        "169.254.0.0, a link-local address",
        "169.254.169.254, a link-local address",
        "169.254.255.255, a link-local address",
        "172.16.0.0, a private address",
        "172.31.255.255, a private address",
        "192.0.0.0, an address of an Internet protocol",
        "192.0.0.255, an address of an Internet protocol",
        "192.0.2.0, an address for documentation",
        "192.0.2.255, an address for documentation",
        "192.88.99.0, a 6to4 relay address",
        "192.88.99.255, a 6to4 relay address",
        "192.168.0.0, a private address",
        "192.168.255.255, a private address",
        "198.18.0.0, an address for benchmarks",
        "198.19.255.255, an address for benchmarks",
        "198.51.100.0, an address for documentation",
        "198.51.100.255, an address for documentation",
        "203.0.113.0, an address for documentation",
        "203.0.113.255, an address for documentation",
        "224.0.0.0, a multicast address",
        "239.255.255.255, a multicast address",
        "240.0.0.0, a reserved address",
        "255.255.255.254, a reserved address",
        "255.255.255.255, the broadcast address",
        "::, the unspecified address",
        "::1, a loopback address",
        "::2, an IPv4-compatible address",
        "::8.8.8.8, an IPv4-compatible address",
        "::ffff:0:8.8.8.8, a reserved address",
        "1::, a reserved address",
        "64:ff9b::, a NAT64 address",
        "64:ff9b::8.8.8.8, a NAT64 address",
        "64:ff9b::ffff:ffff, a NAT64 address",
        "64:ff9b:1::, a NAT64 address",
        "64:ff9b:1:ffff:ffff:ffff:ffff:ffff, a NAT64 address",
        "100::, a discard-only address",
        "100::ffff:ffff:ffff:ffff, a discard-only address",
        "1fff:ffff::, a reserved address",
        "2001::, a Teredo address",
        "2001:0:ffff:ffff:ffff:ffff:ffff:ffff, a Teredo address",
        "2001:2::, an address of an Internet protocol",
        "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, an address of an Internet protocol",
        "2001:db8::, an address for documentation",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, an address for documentation",
        "2002::, a 6to4 address",
        "2002:7f00:1::, a 6to4 address",
        "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, a 6to4 address",
        "3fff::, an address for documentation",
        "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, an address for documentation",
        "4000::, a reserved address",
        "5f00::, a reserved address",
        "8000::, a reserved address",
        "fbff:ffff::, a reserved address",
        "fc00::, a private address",
        "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, a private address",
        "fe00::, a reserved address",
        "fe80::1, a link-local address",
        "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff, a link-local address",
        "fec0::, a site-local address",
        "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, a site-local address",
        "ff00::, a multicast address",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, a multicast address",
        "::ffff:127.0.0.1, a loopback address",
    })
    void namesWhatIsNotGlobal(String digits, String kind) throws UnknownHostException {
        assertThat(SpecialAddressBlock.of(InetAddress.getByName(digits)))
                .map(SpecialAddressBlock::kind)
                .hasValue(kind);
    }

    /** The neighbours of those blocks. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "191.255.255.255",
                "192.0.1.0",
                "192.0.3.0",
                "192.88.98.255",
                "192.88.100.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "198.51.99.255",
                "198.51.101.0",
                "203.0.112.255",
                "203.0.114.0",
                "223.255.255.255",
                "2000::",
                "2001:200::",
                "2001:db7:ffff::",
                "2001:db9::",
                "2003::",
                "2606:4700:4700::1111",
                "3ffe:ffff::",
                "3fff:1000::",
            })
    void letsGlobalAddressesThrough(String digits) throws UnknownHostException {
        assertThat(SpecialAddressBlock.of(InetAddress.getByName(digits))).isEmpty();
    }

    @Test
    void knowsAMappedAddressThatWasMadeFromBytes() {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 8, 8, 8, 8};
        assertThat(SpecialAddressBlock.of(mapped))
                .map(SpecialAddressBlock::kind)
                .hasValue("an IPv4-mapped address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "::1", "fd00::1", "fec0::1"})
    void letsPrivateNetworksThroughWhenAsked(String digits) throws UnknownHostException {
        InetAddress address = InetAddress.getByName(digits);
        assertThat(AddressRule.GLOBAL_OR_PRIVATE.refusal(address)).isEmpty();
        assertThat(AddressRule.GLOBAL.refusal(address)).get().asString().contains("set allowPrivateAddresses");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "255.255.255.255", "64:ff9b::1"})
    void neverLetsTheRestThrough(String digits) throws UnknownHostException {
        assertThat(AddressRule.GLOBAL_OR_PRIVATE.refusal(InetAddress.getByName(digits)))
                .get()
                .asString()
                .endsWith("which is never allowed");
    }
}
