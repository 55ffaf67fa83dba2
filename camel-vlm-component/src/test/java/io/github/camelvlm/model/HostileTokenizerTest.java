package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.goldens.GoldenCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files on most of which the native library ends the JVM, when it loads them or with the first text. */
@Timeout(30)
class HostileTokenizerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private void write(Consumer<ObjectNode> change) throws IOException {
        ObjectNode root = (ObjectNode)
                JSON.readTree(GoldenCase.SHAPES_VL.resolve("tokenizer.json").toFile());
        change.accept(root);
        JSON.writeValue(folder.resolve("tokenizer.json").toFile(), root);
    }

    private void assertRefused(String words) {
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(folder.resolve("tokenizer.json").toString())
                .hasMessageContaining(words)
                .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(1000));
    }

    static Stream<String> expressions() {
        return Stream.of(
                "(".repeat(20_000) + "a" + ")".repeat(20_000),
                "[".repeat(20_000) + "a" + "]".repeat(20_000),
                "(a+)+$|b(?=c)",
                "((a{1000}){1000}){1000}",
                "\\s*\\s*\\s*x");
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void refusesARegularExpressionThatIsNotQwens(String expression) throws IOException {
        write(root -> ((ObjectNode) root.at("/pre_tokenizer/pretokenizers/0/pattern")).put("Regex", expression));

        assertRefused("pre_tokenizer must be Qwen2's Split, ByteLevel, or a Sequence of these");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"FixedLength\",\"length\":0} | pre_tokenizer must be",
                "{\"type\":\"Split\",\"pattern\":{\"String\":\"\"},\"behavior\":\"Isolated\",\"invert\":false} | pre_tokenizer must be",
                "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Sequence\",\"pretokenizers\":[]}]} | pre_tokenizer must be",
            })
    void refusesAnotherWayOfSplitting(String splitter, String words) throws IOException {
        var parsed = JSON.readTree(splitter);
        write(root -> root.set("pre_tokenizer", parsed));

        assertRefused(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAAAAAAAAAAAAAAAAAA\"}",
                "{\"type\":\"Prepend\",\"prepend\":\"\"}",
                "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"(a+)+$\"},\"content\":\"x\"}"
            })
    void refusesAnotherNormalizer(String normalizer) throws IOException {
        var parsed = JSON.readTree(normalizer);
        write(root -> root.set("normalizer", parsed));

        assertRefused("normalizer must be of type NFC or NFKC, as for every Qwen-VL, but is {");
    }

    @ParameterizedTest
    @CsvSource({"continuing_subword_prefix, ####", "end_of_word_suffix, </w>", "unk_token, a", "dropout, 0.5"})
    void refusesASettingThatNoQwenHas(String field, String value) throws IOException {
        write(root -> ((ObjectNode) root.get("model")).put(field, value));

        assertRefused("model." + field + " must be null");
    }

    @Test
    void refusesMoreAddedTokensThanTextCanBeSearchedFor() throws IOException {
        write(root -> {
            ArrayNode added = root.putArray("added_tokens");
            for (int i = 0; i < 20_000; i++) {
                added.addObject().put("id", 2000 + i).put("content", "<" + i + ">");
            }
        });

        assertRefused("has 20000 added tokens");
    }

    @Test
    void leavesOutWhatHasNoPartInMakingIds() throws IOException {
        write(root -> {
            root.putObject("post_processor").put("type", "Unheard of");
            root.putObject("truncation").put("max_length", -1);
        });

        try (Tokenizer tokenizer = Tokenizer.load(folder);
                Tokenizer own = Tokenizer.load(GoldenCase.SHAPES_VL)) {
            assertThat(tokenizer.encode("A red circle, 12 of them.\n"))
                    .isEqualTo(own.encode("A red circle, 12 of them.\n"));
        }
    }
}
