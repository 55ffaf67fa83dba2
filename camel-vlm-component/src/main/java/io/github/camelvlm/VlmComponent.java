package io.github.camelvlm;

import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.exchange.KeptMedia;
import io.github.camelvlm.registry.VlmEngines;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.HealthCheckComponent;

/** The component {@code vlm:}; its configuration holds the defaults of its endpoints. */
@Component("vlm")
public class VlmComponent extends HealthCheckComponent {

    @Metadata(description = "The defaults of all endpoints")
    private VlmConfiguration configuration = new VlmConfiguration();

    @Metadata(
            description =
                    "The most bytes of pictures and videos that are kept under the uuid that chat requests gave them, so that"
                            + " later ones need not send them again; those that were used last, for all endpoints together."
                            + " 0 keeps none",
            label = "advanced",
            defaultValue = "67108864")
    private long keptMediaBytes = KeptMedia.DEFAULT_BYTES;

    private final KeptMedia keptMedia = new KeptMedia(KeptMedia.DEFAULT_BYTES);
    private WarmingRoute warmingRoute;

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        warmingRoute = new WarmingRoute(getCamelContext());
        getCamelContext().addLifecycleStrategy(warmingRoute);
    }

    @Override
    protected void doShutdown() throws Exception {
        getCamelContext().getLifecycleStrategies().remove(warmingRoute);
        super.doShutdown();
    }

    /** The pictures and videos that requests to its endpoints have given names. */
    KeptMedia keptMedia() {
        return keptMedia;
    }

    /** Whether this thread starts a producer whose route does not start with the context. */
    boolean isRouteToStartLater() {
        return warmingRoute.isToStartLater();
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        VlmEndpoint endpoint = new VlmEndpoint(uri, this, operation(uri, remaining), configuration.copy());
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private static VlmOperation operation(String uri, String name) {
        for (VlmOperation operation : VlmOperation.values()) {
            if (operation.name().equals(name)) {
                return operation;
            }
        }
        throw new IllegalArgumentException(
                "There is no operation \"" + name + "\" in " + uri
                        + ": write vlm:describe for captions of pictures, vlm:extract for data or vlm:chat for OpenAI chat requests; there are vlm:models, vlm:tokenize and vlm:detokenize as well");
    }

    /** The engines that the endpoints of the Camel context have loaded. */
    public List<VlmEngine> engines() {
        return VlmEngines.of(getCamelContext()).all();
    }

    public long getKeptMediaBytes() {
        return keptMediaBytes;
    }

    /** @throws IllegalArgumentException if it is negative */
    public void setKeptMediaBytes(long keptMediaBytes) {
        keptMedia.setMaxBytes(keptMediaBytes);
        this.keptMediaBytes = keptMediaBytes;
    }

    public VlmConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(VlmConfiguration configuration) {
        this.configuration = configuration;
    }
}
