package io.github.camelvlm.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Bitstreams that no encoder writes. */
class Vp8lFrameTest {
    private static final int GREEN = 2;
    private static final int PALETTE = 3;

    private final BitWriter bits = new BitWriter();

    private void assertRefused(String words) {
        assertThatThrownBy(() -> Vp8lFrame.decode(bits.toBits(), 300, 300))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("picture cat.webp is damaged (" + words);
    }

    /** The five codes of a picture of one colour. */
    private void oneColour(int alpha, int red, int green, int blue) {
        bits.loneSymbol(green)
                .loneSymbol(red)
                .loneSymbol(blue)
                .loneSymbol(alpha)
                .loneSymbol(0);
    }

    @Test
    void readsAPictureThatTakesNoBitsForItsPixels() {
        bits.number(0, 3);
        oneColour(255, 1, 2, 3);
        assertThat(Vp8lFrame.decode(bits.toBits(), 3, 2)).hasSize(6).containsOnly(0xff010203);
    }

    @Test
    void paintsANumberPastThePaletteTransparent() {
        bits.number(1, 1).number(PALETTE, 2).number(19, 8).number(0, 1);
        oneColour(255, 9, 0, 0);
        bits.number(0, 3);
        oneColour(0, 0, 20, 0);
        assertThat(Vp8lFrame.decode(bits.toBits(), 3, 2)).containsOnly(0);
    }

    @Test
    void paintsTheLastColourOfAPaletteOfPackedNumbers() {
        bits.number(1, 1).number(PALETTE, 2).number(1, 8).number(0, 1);
        oneColour(255, 9, 0, 0);
        bits.number(0, 3);
        oneColour(0, 0, 0b10, 0);
        // Each colour is the difference from the one before it, also in alpha.
        assertThat(Vp8lFrame.decode(bits.toBits(), 3, 1)).containsExactly(0xff090000, 0xfe120000, 0xff090000);
    }

    @Test
    void refusesATransformThatIsGivenTwice() {
        bits.number(1, 1).number(GREEN, 2).number(1, 1).number(GREEN, 2);
        assertRefused("it is transformed twice");
    }

    @Test
    void refusesAColourCacheOfTooManyOrNoColours() {
        bits.number(0, 1).number(1, 1).number(12, 4);
        assertRefused("its colour cache is too large");
    }

    @Test
    void refusesACodeThatLacksSymbols() {
        // The code of lengths has two symbols of two bits each: half of its codes mean nothing.
        bits.number(0, 3).number(0, 1).number(0, 4).number(2, 3).number(2, 3).number(0, 6);
        assertRefused("one of its prefix codes is not complete");
    }

    @Test
    void refusesACodeWithoutSymbols() {
        bits.number(0, 3).number(0, 1).number(0, 4).number(0, 12);
        assertRefused("one of its prefix codes is not complete");
    }

    @Test
    void refusesPixelsThatAreRepeatedFromBeforeTheFirst() {
        bits.number(0, 3);
        // Green is 0 or a run of one pixel, which comes first.
        bits.number(0, 1).number(15, 4);
        writeLengthsOfFourBits();
        bits.number(0, 1);
        for (int symbol = 0; symbol < 280; symbol++) {
            bits.code(symbol == 0 || symbol == 256 ? 1 : 0, 4);
        }
        bits.loneSymbol(0).loneSymbol(0).loneSymbol(0).loneSymbol(1).number(1, 1);
        assertRefused("it repeats pixels that it does not have");
    }

    @Test
    void refusesABitstreamThatEndsWithinAPixel() {
        bits.number(0, 3);
        assertRefused("its compressed data end too early");
    }

    @Test
    void boundsTheMemoryOfPrefixCodes() {
        int blocks = 75 * 75;
        bits.number(0, 1).number(0, 1).number(1, 1).number(0, 3);
        // The number of each block's codes: any green, any red, in eight bits each.
        bits.number(0, 1);
        writeCodeOfBytes(280);
        writeCodeOfBytes(256);
        bits.loneSymbol(0).loneSymbol(0).loneSymbol(0);
        for (int i = 0; i < blocks; i++) {
            bits.code(i & 255, 8).code(i >> 8, 8);
        }
        for (int i = 0; i < 5 * blocks; i++) {
            writeLongCode();
        }
        assertRefused("its prefix codes are larger than the picture");
    }

    /** The code of lengths, whose symbols 0 to 15 take four bits each. */
    private void writeLengthsOfFourBits() {
        bits.number(0, 6).number(4, 3).number(4, 3);
        for (int i = 4; i < 19; i++) {
            bits.number(i == 8 ? 0 : 4, 3);
        }
    }

    /** A code of eight bits for each of the first 256 symbols. */
    private void writeCodeOfBytes(int alphabet) {
        bits.number(0, 1).number(15, 4);
        writeLengthsOfFourBits();
        bits.number(0, 1);
        for (int symbol = 0; symbol < alphabet; symbol++) {
            bits.code(symbol < 256 ? 8 : 0, 4);
        }
    }

    /** A code of 16 symbols, of 1 to 15 bits. */
    private void writeLongCode() {
        bits.number(0, 1).number(15, 4);
        writeLengthsOfFourBits();
        bits.number(1, 1).number(1, 3).number(14, 4);
        for (int length = 1; length <= 15; length++) {
            bits.code(length, 4);
        }
        bits.code(15, 4);
    }
}
