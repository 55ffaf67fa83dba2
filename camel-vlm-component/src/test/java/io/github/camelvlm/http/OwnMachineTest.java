package io.github.camelvlm.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.SocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnMachineTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.9.10", "::1", "0:0:0:0:0:0:0:1"})
    void isAtLoopbackAddresses(String address) {
        assertThat(OwnMachine.isLoopback(SocketAddress.inetSocketAddress(8000, address)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.7", "10.0.0.1", "172.17.0.1", "fe80::1", "::", "0.0.0.0", "128.0.0.1"})
    void isNotAtOtherAddresses(String address) {
        assertThat(OwnMachine.isLoopback(SocketAddress.inetSocketAddress(8000, address)))
                .isFalse();
    }

    @Test
    void isNotWhereTheAddressIsUnknown() {
        assertThat(OwnMachine.isLoopback(SocketAddress.domainSocketAddress("/run/service.sock")))
                .isFalse();
        assertThat(OwnMachine.isLoopback((SocketAddress) null)).isFalse();
    }
}
