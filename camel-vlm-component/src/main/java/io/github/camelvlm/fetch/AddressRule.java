package io.github.camelvlm.fetch;

import java.net.InetAddress;
import java.util.Optional;

/** Decides which Internet addresses a picture may be fetched from. */
@FunctionalInterface
interface AddressRule {

    /** Only global unicast addresses. */
    AddressRule GLOBAL = address ->
            SpecialAddressBlock.of(address).map(block -> block.kind() + ", not on the public Internet" + mend(block));

    /**
     * Global unicast addresses and those of this machine and of private networks. Link-local ones stay refused: clouds
     * keep the machine's credentials there.
     */
    AddressRule GLOBAL_OR_PRIVATE = address -> SpecialAddressBlock.of(address)
            .filter(block -> !block.isPrivate())
            .map(block -> block.kind() + ", which is never allowed");

    /** Why an address is refused, continuing "which is …", or nothing if it is allowed. */
    Optional<String> refusal(InetAddress address);

    private static String mend(SpecialAddressBlock block) {
        return block.isPrivate() ? "; set allowPrivateAddresses if that is wanted" : "";
    }
}
