package io.github.camelvlm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubEnvironmentTest {
    @TempDir
    Path home;

    private HubEnvironment environment(String... variables) {
        Map<String, String> environment = new HashMap<>(Map.of("HOME", home.toString()));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new HubEnvironment(environment);
    }

    @Test
    void takesTheKeyFromTheVariableElseFromWhereALoginLeavesIt() throws IOException {
        Path stored =
                Files.createDirectories(home.resolve(".cache/huggingface")).resolve("token");
        Path other = home.resolve("other");

        assertThat(environment().accessKey()).isEmpty();
        Files.writeString(stored, "hf_stored\n");
        Files.writeString(other, "hf_other");

        assertThat(environment().accessKey()).contains("hf_stored");
        assertThat(environment("HF_TOKEN_PATH", "~/other").accessKey()).contains("hf_other");
        assertThat(environment("HF_TOKEN", " hf_given ").accessKey()).contains("hf_given");
        assertThat(environment("HUGGING_FACE_HUB_TOKEN", "hf_old").accessKey()).contains("hf_old");
        assertThat(environment("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").accessKey())
                .isEmpty();
    }

    @Test
    void knowsWhereTheHubsAre() {
        assertThat(HuggingFaceHub.of(environment()).endpoint()).hasToString("https://huggingface.co");
        assertThat(HuggingFaceHub.of(environment("HF_ENDPOINT", "https://hf-mirror.com/"))
                        .endpoint())
                .hasToString("https://hf-mirror.com");
        assertThat(ModelScopeHub.of(environment()).endpoint()).hasToString("https://www.modelscope.cn");
        assertThat(ModelScopeHub.of(environment("MODELSCOPE_DOMAIN", "www.modelscope.ai"))
                        .endpoint())
                .hasToString("https://www.modelscope.ai");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf-mirror.com", "ftp://a.org", "https://", "https://user:word@a.org", "a b"})
    void refusesAnAddressThatIsNone(String address) {
        assertThatThrownBy(() -> HuggingFaceHub.of(environment("HF_ENDPOINT", address)))
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageStartingWith("HF_ENDPOINT must be a URL such as https://huggingface.co");
    }

    @Test
    void findsTheCacheByItsFormerNameToo() {
        assertThat(environment("HUGGINGFACE_HUB_CACHE", "/old").cache()).isEqualTo(Path.of("/old"));
        assertThat(environment("HUGGINGFACE_HUB_CACHE", "/old", "HF_HUB_CACHE", "/new")
                        .cache())
                .isEqualTo(Path.of("/new"));
    }
}
