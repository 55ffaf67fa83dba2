package io.github.camelvlm;

import org.apache.camel.Endpoint;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.spi.InterceptSendToEndpoint;
import org.apache.camel.support.EndpointHelper;

/** What a test or a route puts in the place of an endpoint. */
final class Interception {
    private Interception() {}

    /** Whether messages to an endpoint go elsewhere instead, at least some: then its model may not even exist. */
    static boolean isSkipped(Endpoint endpoint) {
        ExtendedCamelContext context = endpoint.getCamelContext().getCamelContextExtension();
        boolean isMocked = context.getAutoMockInterceptStrategies().stream()
                .anyMatch(mocks -> mocks.isSkip()
                        && EndpointHelper.matchEndpoint(
                                endpoint.getCamelContext(), endpoint.getEndpointUri(), mocks.getPattern()));
        // The one that is registered stands before the endpoint then.
        return isMocked
                || endpoint.getCamelContext().hasEndpoint(endpoint.getEndpointUri())
                                instanceof InterceptSendToEndpoint intercepted
                        && intercepted.isSkip();
    }
}
