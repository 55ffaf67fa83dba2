package io.github.camelvlm;

import io.github.camelvlm.goldens.GoldenCase;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/** Describes a picture by a model that its environment leads to. */
final class DescribeFromHub {
    private DescribeFromHub() {}

    /** @param arguments the options of the endpoint */
    public static void main(String[] arguments) throws Exception {
        CamelContext context = new DefaultCamelContext();
        context.start();
        String caption = context.createFluentProducerTemplate()
                .withBody(GoldenCase.picture(VlmTestSupport.ONE_SHAPE).bytes())
                .to("vlm:describe?device=cpu&dtype=float32&threads=1&" + arguments[0])
                .request(String.class);
        System.out.println("caption " + caption);
        context.stop();
    }
}
