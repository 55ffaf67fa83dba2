package io.github.camelvlm.media;

/** The header of a VP8 key frame (RFC 6386, section 9), read from its first partition. */
final class Vp8Header {
    static final int SEGMENTS = 4;

    private static final int MAX_QUANTIZER = 127;
    private static final int MAX_FILTER_LEVEL = 63;

    /** Step sizes of the coefficients of one segment. */
    record Steps(int lumaDc, int lumaAc, int luma2Dc, int luma2Ac, int chromaDc, int chromaAc) {}

    final boolean segmentMap;
    final int[] segmentProbabilities = {255, 255, 255};
    final boolean simpleFilter;
    final int sharpness;
    final int partitions;
    final Steps[] steps = new Steps[SEGMENTS];
    final int[] coefficients = Vp8Tables.COEFFICIENTS.clone();

    /** The probability that a macroblock has coefficients, or 0 where that is not coded. */
    final int skipProbability;

    private final boolean filtered;
    private final int[] filterLevels = new int[SEGMENTS];
    private int frameDelta;
    private int smallBlocksDelta;

    Vp8Header(Vp8Bits bits) {
        // The colour space and whether values need clamping; both are without effect.
        bits.number(2);
        int[] quantizers = new int[SEGMENTS];
        boolean segmented = bits.flag();
        boolean absolute = false;
        boolean map = false;
        if (segmented) {
            map = bits.flag();
            if (bits.flag()) {
                absolute = bits.flag();
                for (int i = 0; i < SEGMENTS; i++) {
                    quantizers[i] = bits.optionalSigned(7);
                }
                for (int i = 0; i < SEGMENTS; i++) {
                    filterLevels[i] = bits.optionalSigned(6);
                }
            }
            for (int i = 0; map && i < segmentProbabilities.length; i++) {
                segmentProbabilities[i] = bits.flag() ? bits.number(8) : 255;
            }
        }
        segmentMap = map;
        simpleFilter = bits.flag();
        int level = bits.number(6);
        filtered = level != 0;
        sharpness = bits.number(3);
        readFilterDeltas(bits);
        partitions = 1 << bits.number(2);
        int base = bits.number(7);
        int[] deltas = new int[5];
        for (int i = 0; i < deltas.length; i++) {
            deltas[i] = bits.optionalSigned(4);
        }
        for (int i = 0; i < SEGMENTS; i++) {
            filterLevels[i] += absolute ? 0 : level;
            steps[i] = steps(quantizers[i] + (absolute ? 0 : base), deltas);
        }
        // Whether the probabilities outlive the frame, of which there is one.
        bits.flag();
        for (int i = 0; i < coefficients.length; i++) {
            if (bits.flag(Vp8Tables.COEFFICIENT_UPDATES[i])) {
                coefficients[i] = bits.number(8);
            }
        }
        skipProbability = bits.flag() ? bits.number(8) : 0;
    }

    private void readFilterDeltas(Vp8Bits bits) {
        boolean used = bits.flag();
        if (!used || !bits.flag()) {
            return;
        }
        int[] deltas = new int[8];
        for (int i = 0; i < deltas.length; i++) {
            deltas[i] = bits.optionalSigned(6);
        }
        frameDelta = deltas[0];
        smallBlocksDelta = deltas[4];
    }

    private static Steps steps(int quantizer, int[] deltas) {
        int luma2Ac = Math.max(8, ac(quantizer + deltas[2]) * 155 / 100);
        return new Steps(
                dc(quantizer + deltas[0]),
                ac(quantizer),
                2 * dc(quantizer + deltas[1]),
                luma2Ac,
                Math.min(132, dc(quantizer + deltas[3])),
                ac(quantizer + deltas[4]));
    }

    private static int dc(int quantizer) {
        return Vp8Tables.DC_QUANTIZERS[Math.max(0, Math.min(MAX_QUANTIZER, quantizer))];
    }

    private static int ac(int quantizer) {
        return Vp8Tables.AC_QUANTIZERS[Math.max(0, Math.min(MAX_QUANTIZER, quantizer))];
    }

    /** How strongly the edges of a macroblock are smoothed, 0 (not) to 63. */
    int filterLevel(int segment, boolean smallBlocks) {
        int level = filterLevels[segment] + frameDelta + (smallBlocks ? smallBlocksDelta : 0);
        return filtered ? Math.max(0, Math.min(MAX_FILTER_LEVEL, level)) : 0;
    }
}
