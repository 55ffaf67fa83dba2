package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Netpbm files of kinds that Pillow does not read, or shows otherwise than gray pictures of 16 bits are shown here. */
class NetpbmTest {
    private final ImageDecoder decoder = new ImageDecoder();

    private byte[] decode(String text) {
        return decoder.decode("cat", text.getBytes(StandardCharsets.ISO_8859_1)).rgb();
    }

    @Test
    void keepsTheUpperByteOfGraysOfSixteenBits() {
        assertThat(decode("P5 2 1 65535\n\u0012\u0034\u0080\u0000"))
                .containsExactly(0x12, 0x12, 0x12, (byte) 0x80, (byte) 0x80, (byte) 0x80);
        assertThat(decode("P2 1 1 1000 500")).containsExactly((byte) 0x80, (byte) 0x80, (byte) 0x80);
    }

    @Test
    void readsPamWithAlphaOverWhite() {
        String header = "P7\n# made here\nWIDTH 2\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n";
        assertThat(decode(header + "\1\2\3\u00ff\1\2\3\0")).containsExactly(1, 2, 3, 255, 255, 255);
    }

    @ParameterizedTest
    @CsvSource({
        "'P5 4 4 255\n123', is cut off",
        "'P3 2 2 255 1 2 3', is cut off",
        "'P6 4', is cut off",
        "'P2 1 1 9 10', above the largest it declares",
        "'P2 1 1 0 0', values up to 0",
        "'P2 1 1 70000 0', values up to 70000",
        "'P1 1 1 2', no bit where one should stand",
        "'P4 x 1 2', no number where one should stand",
        "'P5 99999 99999 255 ', '64,000,000 in all are allowed'",
        "'P5 9999999999 1 255 ', no number",
    })
    void saysWhatIsWrong(String text, String words) {
        assertThatThrownBy(() -> decode(text))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(words);
    }
}
