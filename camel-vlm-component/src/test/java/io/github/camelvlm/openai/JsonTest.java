package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTest {
    /** The JVM's table of texts becomes slow with many: a body of half a million names took a processor for 15 seconds. */
    @Test
    void namesInABodyAreNoneOfTheTextsThatTheJvmKeepsForGood() {
        String kept = "aNameThatOnlyThisTestHas";

        String read = Json.parse("{\"" + kept + "\":1}").node().fieldNames().next();

        assertThat(read).isEqualTo(kept).isNotSameAs(kept);
    }
}
