package io.github.camelvlm;

import io.github.camelvlm.goldens.GoldenCase;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.TestInstance;

/** A Camel context for the tests of a class, whose endpoints name the small model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class VlmTestSupport extends CamelTestSupport {
    /** One thread: the model is so small that several would only wait for each other. */
    static final String MODEL = "model=" + GoldenCase.SHAPES_VL + "&device=cpu&dtype=float32&threads=1";

    static final String ONE_SHAPE = "one-shape.png";
    static final String ONE_SHAPE_CAPTION = "A small yellow diamond on a white background.";

    /** Sends a message and gives it back answered, or throws what the component threw. */
    Exchange send(String uri, Processor message) throws Exception {
        Exchange exchange = template().request(uri, message);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        return exchange;
    }

    /** The caption of a body. */
    String describe(Object body) throws Exception {
        return send("vlm:describe?" + MODEL, exchange -> exchange.getMessage().setBody(body))
                .getMessage()
                .getBody(String.class);
    }
}
