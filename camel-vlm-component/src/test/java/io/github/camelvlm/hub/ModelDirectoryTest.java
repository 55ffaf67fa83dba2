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

class ModelDirectoryTest {
    private static final String MODEL = "Qwen/Qwen2-VL-2B-Instruct";
    private static final String COMMIT = "895c3a49bc3fa70a340399125c650a463535e71c";

    @TempDir
    Path home;

    @Test
    void takesADirectoryAsItIs() throws IOException {
        Path model = Files.createDirectories(home.resolve("models/mine"));

        assertThat(locate(model.toString())).isEqualTo(model);
        assertThat(locate("~/models/mine")).isEqualTo(model);
        assertThat(locate("src").isAbsolute()).isTrue();
    }

    @Test
    void prefersADirectoryToAModelOfTheSameNameInTheCache() throws IOException {
        cacheModel(home.resolve(".cache/huggingface/hub"), "main");

        assertThat(ModelDirectory.locate("src/main", environment()))
                .isEqualTo(Path.of("src/main").toAbsolutePath());
    }

    @Test
    void looksWhereTheEnvironmentSays() throws IOException {
        Path byDefault = cacheModel(home.resolve(".cache/huggingface/hub"), "main");
        Path xdg = cacheModel(home.resolve("xdg/huggingface/hub"), "main");
        Path hfHome = cacheModel(home.resolve("hf/hub"), "main");
        Path hubCache = cacheModel(home.resolve("cache"), "main");

        assertThat(locate(MODEL)).isEqualTo(byDefault);
        assertThat(locate(MODEL, "XDG_CACHE_HOME", "~/xdg")).isEqualTo(xdg);
        assertThat(locate(MODEL, "XDG_CACHE_HOME", "~/xdg", "HF_HOME", home + "/hf"))
                .isEqualTo(hfHome);
        assertThat(locate(MODEL, "HF_HOME", home + "/hf", "HF_HUB_CACHE", home + "/cache"))
                .isEqualTo(hubCache);
        assertThat(locate(MODEL, "HF_HOME", "", "HF_HUB_CACHE", "")).isEqualTo(byDefault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1.0", "before--after", "refs/pr/1", COMMIT})
    void findsARevision(String revision) throws IOException {
        Path snapshot = cacheModel(home.resolve(".cache/huggingface/hub"), revision);

        assertThat(locate(MODEL + "@" + revision)).isEqualTo(snapshot);
        assertThatThrownBy(() -> locate(MODEL)).isInstanceOf(ModelNotFoundException.class);
    }

    @Test
    void namesThePlacesAndTheMendForAModelThatIsNotThere() {
        assertThatThrownBy(() -> locate(MODEL))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("there is no directory " + Path.of(MODEL).toAbsolutePath())
                .hasMessageContaining("no revision main in the Hugging Face cache "
                        + home.resolve(".cache/huggingface/hub/models--Qwen--Qwen2-VL-2B-Instruct"))
                .hasMessageContaining("\"hf download " + MODEL + "\"");
        assertThatThrownBy(() -> locate(MODEL + "@v2"))
                .hasMessageContaining("no revision v2 ")
                .hasMessageContaining("\"hf download " + MODEL + " --revision v2\"");
    }

    @Test
    void findsNothingWhereOnlyTheReferenceIsLeft() throws IOException {
        Files.delete(cacheModel(home.resolve(".cache/huggingface/hub"), "main"));

        assertThatThrownBy(() -> locate(MODEL)).hasMessageContaining("no revision main");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../../../../../..", "not a commit"})
    void saysThatAReferenceIsDamaged(String content) throws IOException {
        Path cache = home.resolve(".cache/huggingface/hub");
        cacheModel(cache, "main");
        Path reference = cache.resolve("models--Qwen--Qwen2-VL-2B-Instruct/refs/main");
        Files.writeString(reference, content);

        assertThatThrownBy(() -> locate(MODEL))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining(reference.toString())
                .hasMessageContaining("delete the file");
    }

    @Test
    void refusesAFile() throws IOException {
        Path file = Files.createFile(home.resolve("model.safetensors"));

        assertThatThrownBy(() -> locate(file.toString()))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageEndingWith("is a file: name the directory that holds it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "@main",
                "gpt2",
                "a/b/c",
                "a/",
                "/no-such-directory",
                "../../etc",
                "a/..",
                "a/b..c",
                "a--b/c",
                "-a/b",
                "a/b.",
                "a/b.git",
                "a/b c",
                "a/b@",
                "a/b@../../c",
                "a/b@refs/../..",
                "a/b@/etc",
                "a\\b/c",
                "a/\u0000",
            })
    void refusesANameThatCannotBeOneOfTheHub(String model) {
        assertThatThrownBy(() -> locate(model))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("cannot be one on the Hugging Face Hub");
    }

    @Test
    void refusesANameOfMoreThan96Characters() {
        assertThatThrownBy(() -> locate("a/" + "b".repeat(97))).hasMessageContaining("cannot be one on the");
        assertThatThrownBy(() -> locate("a/" + "b".repeat(96))).hasMessageContaining("hf download");
    }

    @Test
    void saysWhichVariableCannotBeAPath() {
        assertThatThrownBy(() -> locate(MODEL, "HF_HUB_CACHE", "a\u0000b"))
                .isInstanceOf(ModelNotFoundException.class)
                .hasMessageContaining("HF_HUB_CACHE");
    }

    private Path locate(String model, String... variables) {
        Map<String, String> environment = new HashMap<>(environment());
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return ModelDirectory.locate(model, environment);
    }

    private Map<String, String> environment() {
        return Map.of("HOME", home.toString());
    }

    /** Lays a model out as huggingface_hub does; a revision that is a commit has no reference. */
    private static Path cacheModel(Path cache, String revision) throws IOException {
        Path folder = cache.resolve("models--Qwen--Qwen2-VL-2B-Instruct");
        if (!revision.equals(COMMIT)) {
            Path reference = folder.resolve("refs").resolve(revision);
            Files.createDirectories(reference.getParent());
            Files.writeString(reference, COMMIT);
        }
        return Files.createDirectories(folder.resolve("snapshots").resolve(COMMIT));
    }
}
