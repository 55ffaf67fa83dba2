package io.github.camelvlm;

import java.util.Collection;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.ServiceStatus;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * The route whose producers a thread is starting. A context that starts does so of all its routes, those too that are not
 * to start with it, and tells a producer nothing of its route.
 */
final class WarmingRoute extends LifecycleStrategySupport {
    private final CamelContext context;
    private final ThreadLocal<Route> warming = new ThreadLocal<>();

    WarmingRoute(CamelContext context) {
        this.context = context;
    }

    @Override
    public void onServiceAdd(CamelContext context, Service service, Route route) {
        if (route != null) {
            warming.set(route);
        }
    }

    @Override
    public void onRoutesAdd(Collection<Route> routes) {
        warming.remove();
    }

    /** Whether the producer that this thread starts is of a route that is to start later, or never. */
    boolean isToStartLater() {
        Route route = warming.get();
        return route != null
                && context.getStatus() == ServiceStatus.Starting
                && !(context.isAutoStartup() && route.isAutoStartup());
    }
}
