package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** WebP files of every kind, which make_webp.py wrote, against the pixels that libwebp and Pillow make of them. */
class WebpPixelsTest {
    private static final Map<String, byte[]> FILES = new HashMap<>();

    private final ImageDecoder decoder = new ImageDecoder();

    /** A line of the list of pixels. */
    record Expected(String name, int width, int height, String hash) {

        static Expected of(String line) {
            String[] fields = line.split(" ");
            return new Expected(fields[0], Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), fields[3]);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void readFiles() throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(Pictures.bytes("media/webp.zip")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                FILES.put(entry.getName(), zip.readAllBytes());
            }
        }
    }

    private static Stream<String> lines(boolean refused) {
        String list = new String(FILES.get("pixels.txt"), StandardCharsets.US_ASCII);
        return list.lines().filter(line -> line.endsWith(" refused") == refused);
    }

    static Stream<Expected> files() {
        return lines(false).map(Expected::of);
    }

    static Stream<String> refused() {
        return lines(true).map(line -> line.replace(" refused", ""));
    }

    @ParameterizedTest
    @MethodSource("files")
    void decodesWebpToTheBitAsPillowDoes(Expected expected) throws NoSuchAlgorithmException {
        RgbImage decoded = decoder.decode(expected.name(), FILES.get(expected.name()));
        assertThat(decoded).hasToString(expected.width() + " × " + expected.height() + " pixels");
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(decoded.rgb());
        assertThat(HexFormat.of().formatHex(hash)).isEqualTo(expected.hash());
    }

    @ParameterizedTest
    @MethodSource("files")
    void readsTheUprightSizeOfWebp(Expected expected) {
        assertThat(decoder.size(expected.name(), FILES.get(expected.name())))
                .isEqualTo(new PictureSize(expected.width(), expected.height()));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWebpThatPillowRefusesForWhatItLacks(String name) {
        assertThatThrownBy(() -> decoder.decode(name, FILES.get(name)))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("end too early");
    }
}
