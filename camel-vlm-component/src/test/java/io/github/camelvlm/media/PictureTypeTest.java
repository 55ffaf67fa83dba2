package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PictureTypeTest {
    private static Stream<String> labels() {
        return Arrays.stream(PictureType.values()).map(PictureType::label);
    }

    @Test
    void areListedInSentences() {
        assertThat(PictureType.names()).isEqualTo("PNG, JPEG, GIF, BMP, TIFF, WebP, HEIC, AVIF, ICO, PSD, TGA or PNM");
        assertThat(PictureType.exampleEndings())
                .isEqualTo(".png, .jpg, .gif, .bmp, .tiff, .webp, .heic, .avif, .ico, .psd, .tga or .ppm");
    }

    @Test
    void areListedInTheDocumentation() throws IOException {
        String told;
        try (Stream<String> lines = Files.lines(Path.of("src/main/docs/usage.md"))) {
            told = lines.filter(line -> line.contains("Formats: ")).findFirst().orElseThrow();
        }

        assertThat(labels()).allSatisfy(label -> assertThat(told).containsPattern("\\b" + label + "\\b"));
    }

    @Test
    void ofAFileWithoutSignatureIsNotGuessedFromItsFirstBytes() throws IOException {
        byte[] tga = new byte[18 + 3];
        tga[2] = 2;
        tga[12] = 1;
        tga[14] = 1;
        tga[16] = 24;
        assertThat(new ImageDecoder().decode("one.tga", tga).width()).isEqualTo(1);
        assertThat(PictureType.of(tga)).isEmpty();
    }
}
