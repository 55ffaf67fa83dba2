package captions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest
class CaptionsTest {
    @Autowired
    ProducerTemplate template;

    @Test
    void describesAPicture() {
        String caption =
                template.requestBody("direct:pictures", Path.of("../pictures/diamond.png").toFile(), String.class);

        assertThat(caption).isEqualTo("A small yellow diamond on a white background.");
    }
}
