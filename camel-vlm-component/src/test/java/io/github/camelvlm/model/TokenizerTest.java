package io.github.camelvlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.ContextLengthException;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.goldens.GoldenCase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    private static Tokenizer qwen2;
    private static Tokenizer shapes;

    @BeforeAll
    static void load() {
        qwen2 = Tokenizer.load(GoldenCase.QWEN2_TOKENIZER);
        shapes = Tokenizer.load(GoldenCase.SHAPES_VL);
    }

    @AfterAll
    static void close() {
        qwen2.close();
        shapes.close();
    }

    static Stream<JsonNode> encodings() throws IOException {
        JsonNode encodings = new ObjectMapper()
                .readTree(GoldenCase.QWEN2_TOKENIZER.resolve("encodings.json").toFile());
        return StreamSupport.stream(encodings.spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void encodesAsTheTokenizersLibrary(JsonNode encoding) {
        assertThat(qwen2.encode(encoding.get("text").asText())).containsExactly(GoldenCase.ints(encoding.get("ids")));
    }

    @Test
    void specialTokensInTextAreCharacters() {
        assertThat(qwen2.encodeText("<|im_end|>")).containsExactly(27, 91, 318, 6213, 91, 29);
        assertThat(qwen2.encode("<|im_end|>")).containsExactly(151645);
    }

    @Test
    void addedTokensThatAreNotSpecialAreRecognizedInText() {
        int toolCall = qwen2.idOf("<tool_call>").orElseThrow();

        assertThat(qwen2.isSpecial(toolCall)).isFalse();
        assertThat(qwen2.encodeText("<tool_call>")).containsExactly(toolCall);
    }

    @Test
    void theLongestAddedTokenCounts(@TempDir Path directory) throws IOException {
        String json = Files.readString(GoldenCase.SHAPES_VL.resolve("tokenizer.json"));
        Files.writeString(
                directory.resolve("tokenizer.json"),
                json.replace("\"<|object_ref_start|>\"", "\"<|im\"").replace("\"<|box_start|>\"", "\"<|im_start|>>\""));

        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            assertThat(tokenizer.encode("<|im_start|>><|im_start|><|im"))
                    .containsExactly(
                            tokenizer.idOf("<|im_start|>>").orElseThrow(),
                            tokenizer.idOf("<|im_start|>").orElseThrow(),
                            tokenizer.idOf("<|im").orElseThrow());
        }
    }

    @Test
    void nothingIsTruncated() {
        int[] ids = qwen2.encode(" hello".repeat(5_000));

        assertThat(ids).hasSize(5_000).containsOnly(ids[0]);
    }

    @Test
    void halfASurrogatePairBecomesOneReplacementCharacter() {
        assertThat(qwen2.encode("🎨\ud83d!\udfa8")).containsExactly(qwen2.encode("🎨\ufffd!\ufffd"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "\u202e", "\ufdd0", "🎨", "a\u0301\u0316", "\r\n"})
    void unusualTextComesBackWhole(String text) {
        assertThat(decode(qwen2, qwen2.encodeText("x" + text + "y")))
                .isEqualTo(Normalizer.normalize("x" + text + "y", Normalizer.Form.NFC));
    }

    @Test
    void emptyTextHasNoTokens() {
        assertThat(qwen2.encode("")).isEmpty();
    }

    @Test
    void theLongestRunOfSpacesIsEncoded() {
        assertThat(shapes.encode(" ".repeat(Tokenizer.MAX_TEXT_LENGTH))).isNotEmpty();
    }

    @Test
    void refusesTextBeyondAnyContext() {
        String text = " ".repeat(Tokenizer.MAX_TEXT_LENGTH + 1);

        assertThatThrownBy(() -> shapes.encode(text))
                .isInstanceOf(ContextLengthException.class)
                .hasMessageContaining("1,048,577 characters")
                .hasMessageContaining("shorten");
        assertThatThrownBy(() -> shapes.encodeText(text)).isInstanceOf(ContextLengthException.class);
    }

    @Test
    void manyThreadsEncodeAtOnce() {
        String text = "Describe this image. 请帮我描述一下图像的内容。";
        int[] expected = qwen2.encode(text);

        assertThat(IntStream.range(0, 2_000).parallel().mapToObj(i -> qwen2.encode(text)))
                .allMatch(ids -> Arrays.equals(ids, expected));
    }

    @Test
    void everyIdHasItsBytes() {
        assertThat(qwen2.bytesOf(198)).containsExactly('\n');
        assertThat(qwen2.bytesOf(74785)).asString(StandardCharsets.UTF_8).isEqualTo("Describe");
        assertThat(qwen2.bytesOf(151645)).asString(StandardCharsets.UTF_8).isEqualTo("<|im_end|>");
        assertThat(qwen2.bytesOf(151_935)).isEmpty();
        assertThat(qwen2.bytesOf(-1)).isEmpty();
    }

    @Test
    void allBytesCanBeWritten() {
        // The first 256 entries of GPT-2's vocabularies are the single bytes.
        int[] bytes =
                IntStream.range(0, 256).map(id -> qwen2.bytesOf(id)[0]).sorted().toArray();

        assertThat(bytes).containsExactly(IntStream.range(-128, 128).toArray());
    }

    @Test
    void knowsItsSize() {
        assertThat(qwen2.vocabularySize()).isEqualTo(151_665);
        assertThat(qwen2.longestTokenBytes()).isEqualTo(128);
        assertThat(qwen2.idOf("Describe")).isEmpty();
        assertThat(qwen2.isSpecial(151645)).isTrue();
        assertThat(qwen2.isSpecial(198)).isFalse();
        assertThat(qwen2.isSpecial(Integer.MAX_VALUE)).isFalse();
    }

    @Test
    void refusesToEncodeAfterItIsClosed() {
        Tokenizer tokenizer = Tokenizer.load(GoldenCase.SHAPES_VL);
        tokenizer.close();
        tokenizer.close();

        assertThatThrownBy(() -> tokenizer.encode("Hello")).isInstanceOf(EngineUnavailableException.class);
    }

    @Test
    void namesTheMissingFile(@TempDir Path directory) {
        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining("download the whole repository");
    }

    static List<String> brokenFiles() {
        return List.of(
                "",
                "{\"model\": {\"vocab\": {\"a\": 0",
                "[]",
                "{\"decoder\": {\"type\": \"WordPiece\"}, \"model\": {\"vocab\": {}}}",
                "{\"decoder\": {\"type\": \"ByteLevel\"}, \"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 2000000000}, \"merges\": []}}",
                "{\"decoder\": {\"type\": \"ByteLevel\"}, \"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}, \"added_tokens\": [{\"content\": \"<s>\"}]}",
                "{\"decoder\": {\"type\": \"ByteLevel\"}, \"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}, \"added_tokens\": [{\"id\": 1}]}",
                "{\"decoder\": {\"type\": \"ByteLevel\"}, \"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": [\"b c\"]}}");
    }

    @ParameterizedTest
    @MethodSource("brokenFiles")
    void namesABrokenFile(String content, @TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), content);

        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(directory.resolve("tokenizer.json").toString());
    }

    private static String decode(Tokenizer tokenizer, int[] ids) {
        var bytes = new ByteArrayOutputStream();
        Arrays.stream(ids).forEach(id -> bytes.writeBytes(tokenizer.bytesOf(id)));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
