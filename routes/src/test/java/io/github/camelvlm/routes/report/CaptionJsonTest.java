package io.github.camelvlm.routes.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.VlmConstants;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.Test;

class CaptionJsonTest {
    private static Message message(String caption) {
        Message message = new DefaultMessage(new DefaultCamelContext());
        message.setHeader(Exchange.FILE_NAME, "a.png");
        message.setBody(caption);
        return message;
    }

    @Test
    void writesACaptionAsText() throws Exception {
        assertThat(new CaptionJson().writeLine(message("{\"total\": 5}")))
                .startsWith("{\"name\":\"a.png\",\"caption\":\"{\\\"total\\\": 5}\",\"model\":");
    }

    @Test
    void writesWhatWasAskedForAsJsonAsItIs() throws Exception {
        Message message = message("{\"total\": 12.50, \"items\": [10000000000000000000001]}");
        message.setHeader(VlmConstants.JSON_SCHEMA, "{}");

        assertThat(new CaptionJson().writeLine(message))
                .startsWith(
                        "{\"name\":\"a.png\",\"data\":{\"total\":12.50,\"items\":[10000000000000000000001]},\"model\":");
    }

    @Test
    void writesHalfAnObjectAsText() throws Exception {
        Message message = message("{\"total\": 12.5");
        message.setHeader(VlmConstants.JSON_SCHEMA, "{}");

        assertThat(new CaptionJson().writeLine(message))
                .startsWith("{\"name\":\"a.png\",\"caption\":\"{\\\"total\\\": 12.5\",\"model\":");
    }

    @Test
    void writesAnEmptyAnswerAsText() throws Exception {
        Message message = message("");
        message.setHeader(VlmConstants.JSON_SCHEMA, "{}");

        assertThat(new CaptionJson().writeLine(message)).startsWith("{\"name\":\"a.png\",\"caption\":\"\",\"model\":");
    }
}
