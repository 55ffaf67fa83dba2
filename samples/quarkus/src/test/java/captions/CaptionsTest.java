package captions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;

@QuarkusTest
class CaptionsTest {
    @Inject
    ProducerTemplate template;

    @Test
    void describesAPicture() {
        String caption =
                template.requestBody("direct:pictures", Path.of("../pictures/diamond.png").toFile(), String.class);

        assertEquals("A small yellow diamond on a white background.", caption);
    }
}
