package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.goldens.GoldenCase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Message;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that write boxes as JSON, and know nothing: the form of their answers alone makes them boxes. */
class DetectFamiliesTest extends VlmTestSupport {
    private static final List<String> LABELS = List.of("car", "big \"dog\"");

    static List<Path> models() {
        return List.of(GoldenCase.RANDOM_VL25, GoldenCase.RANDOM_VL3);
    }

    @ParameterizedTest
    @MethodSource("models")
    void findNothingButBoxesOfTheLabelsWithinThePicture(Path model) throws Exception {
        byte[] picture = Drawing.of("red circle", 300, 100, 0.3, 0.5, 0.4).png();
        List<Map<?, ?>> found = new ArrayList<>();
        for (int seed = 0; seed < 10; seed++) {
            String uri = "vlm:detect?model=" + model
                    + "&device=cpu&dtype=float32&threads=1&maxTokens=150&temperature=2&topK=0&topP=1&seed=" + seed;

            Message answer = send(uri, exchange -> {
                        exchange.getMessage().setBody(picture);
                        exchange.getMessage().setHeader(VlmConstants.LABELS, LABELS);
                    })
                    .getMessage();

            ((List<?>) answer.getBody()).forEach(box -> found.add((Map<?, ?>) box));
        }

        assertThat(found).isNotEmpty().allSatisfy(box -> {
            assertThat(LABELS).contains((String) box.get("label"));
            List<?> edges = (List<?>) box.get("box");
            assertThat((int) edges.get(0)).isBetween(0, (int) edges.get(2));
            assertThat((int) edges.get(1)).isBetween(0, (int) edges.get(3));
            assertThat((int) edges.get(2)).isLessThanOrEqualTo(300);
            assertThat((int) edges.get(3)).isLessThanOrEqualTo(100);
        });
    }
}
