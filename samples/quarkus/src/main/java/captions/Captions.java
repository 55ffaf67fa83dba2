package captions;

import jakarta.enterprise.context.ApplicationScoped;
import org.apache.camel.builder.RouteBuilder;

/** Describes the pictures that are sent to it. */
@ApplicationScoped
public class Captions extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:pictures").to("vlm:describe");
    }
}
