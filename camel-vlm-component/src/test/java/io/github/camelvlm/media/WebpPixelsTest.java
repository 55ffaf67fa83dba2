package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThat;

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

    static Stream<Expected> files() {
        return new String(FILES.get("pixels.txt"), StandardCharsets.US_ASCII)
                .lines()
                .map(Expected::of);
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
}
