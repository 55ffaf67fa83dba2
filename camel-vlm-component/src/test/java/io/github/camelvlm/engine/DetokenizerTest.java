package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DetokenizerTest {
    private static final Map<Path, Tokenizer> TOKENIZERS = new HashMap<>();

    @AfterAll
    static void close() {
        TOKENIZERS.values().forEach(Tokenizer::close);
    }

    static Stream<GoldenCase> goldens() {
        return GoldenCase.all();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void readsTokensAsTransformersDoes(GoldenCase golden) {
        Tokenizer tokenizer = TOKENIZERS.computeIfAbsent(golden.model(), Tokenizer::load);
        int[] ids = golden.ints("generated_token_ids");
        int[] spoken = Arrays.stream(ids).filter(id -> !tokenizer.isSpecial(id)).toArray();

        assertThat(decode(Arrays.stream(spoken).mapToObj(tokenizer::bytesOf).toList()))
                .isEqualTo(golden.text("text"));
        // There the token that ended the turn is left out.
        int shown = ids.length - (golden.text("finish_reason").equals("stop") ? 1 : 0);
        assertThat(decode(Arrays.stream(ids, 0, shown)
                        .mapToObj(tokenizer::bytesOf)
                        .toList()))
                .isEqualTo(golden.text("text_with_special_tokens"));
    }

    @Test
    void holdsBackACharacterUntilItsLastByte() {
        byte[] emoji = "🎨".getBytes(StandardCharsets.UTF_8);
        Detokenizer detokenizer = new Detokenizer();

        assertThat(detokenizer.append(new byte[] {'a', emoji[0], emoji[1]})).isEqualTo("a");
        assertThat(detokenizer.append(new byte[] {emoji[2]})).isEmpty();
        assertThat(detokenizer.append(new byte[0])).isEmpty();
        assertThat(detokenizer.append(new byte[] {emoji[3], '!'})).isEqualTo("🎨!");
        assertThat(detokenizer.finish()).isEmpty();
    }

    @Test
    void aCharacterCutOffByTheEndIsReplaced() {
        Detokenizer detokenizer = new Detokenizer();

        assertThat(detokenizer.append(new byte[] {(byte) 0xF0, (byte) 0x9F, (byte) 0x8E}))
                .isEmpty();
        assertThat(detokenizer.finish()).isEqualTo("\uFFFD");
        assertThat(detokenizer.finish()).isEmpty();
    }

    /** The numbers are those of Python's {@code bytes.decode(errors="replace")}, which agrees with Rust. */
    @ParameterizedTest
    @CsvSource({
        "80, 1",
        "C0 AF, 2",
        "C1 BF, 2",
        "ED A0 80, 3",
        "ED BF BF, 3",
        "E0 80 80, 3",
        "E2 82, 1",
        "E2 28 A1, 2",
        "F0 9F 8E, 1",
        "F0 9F 8E F0 9F 8E, 2",
        "F0 80 80 80, 4",
        "F4 90 80 80, 4",
        "F5 80, 2",
        "FF FE, 2",
        "C3 C3, 2"
    })
    void replacesWhatIsNoUtf8(String hex, int replacements) {
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(hex);

        String text = decode(List.of(bytes));

        assertThat(text.chars().filter(character -> character == '\uFFFD')).hasSize(replacements);
        assertThat(text.replace("\uFFFD", "")).isEqualTo(hex.contains("28") ? "(" : "");
    }

    @Test
    void anySplitGivesTheSameText() {
        String text = "naïve 東京 🎨🧑\u200d🚀 \0 \uFFFD Привет";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        assertThat(Stream.generate(new Random(1)::nextLong).limit(200))
                .allSatisfy(seed ->
                        assertThat(decode(split(bytes, new Random(seed)))).isEqualTo(text));
    }

    @Test
    void anySplitOfAnyBytesGivesTheSameText() {
        Random random = new Random(2);
        for (int round = 0; round < 500; round++) {
            byte[] bytes = new byte[20];
            random.nextBytes(bytes);

            assertThat(decode(split(bytes, random))).isEqualTo(decode(List.of(bytes)));
        }
    }

    private static List<byte[]> split(byte[] bytes, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        for (int start = 0; start < bytes.length; ) {
            int end = Math.min(bytes.length, start + random.nextInt(4));
            pieces.add(Arrays.copyOfRange(bytes, start, end));
            start = end;
        }
        return pieces;
    }

    private static String decode(List<byte[]> pieces) {
        Detokenizer detokenizer = new Detokenizer();
        StringBuilder text = new StringBuilder();
        pieces.forEach(piece -> text.append(detokenizer.append(piece)));
        return text.append(detokenizer.finish()).toString();
    }
}
