package io.github.camelvlm;

import java.util.concurrent.Future;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** Stops a context, once its standard input ends, whose only message waits for its model to be downloaded. */
final class StopWhileDownloading {
    private StopWhileDownloading() {}

    /** @param arguments the option that names the model */
    public static void main(String[] arguments) throws Exception {
        CamelContext context = new DefaultCamelContext();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:picture").to("vlm:describe?lazyStart=true&" + arguments[0]);
            }
        });
        context.start();
        Future<Object> answer = context.createProducerTemplate().asyncRequestBody("direct:picture", new byte[] {1});
        System.in.read();
        long begin = System.nanoTime();
        context.stop();
        System.out.println("stopped in " + (System.nanoTime() - begin) / 1_000_000_000 + " s, " + answer.isDone());
    }
}
