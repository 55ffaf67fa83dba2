package io.github.camelvlm.model;

import io.github.camelvlm.torch.Dtype;
import java.util.List;
import java.util.Set;

/**
 * Floats of 8 bits with scales.
 *
 * @param scaling what shares a scale
 * @param blockRows the rows of a block, if blocks do
 * @param blockColumns its columns
 * @param scaleSuffix the name of the scales
 */
record Float8Format(Scaling scaling, int blockRows, int blockColumns, String scaleSuffix) implements RoundedFormat {

    /** What shares a scale. */
    enum Scaling {
        BLOCK,
        OUTPUT,
        WEIGHT
    }

    @Override
    public String description() {
        return "FP8 with a scale for each "
                + switch (scaling) {
                    case BLOCK -> "block of " + blockRows + " × " + blockColumns;
                    case OUTPUT -> "output";
                    case WEIGHT -> "matrix";
                };
    }

    @Override
    public List<String> suffixes() {
        return List.of(scaleSuffix);
    }

    @Override
    public List<StoredPart> parts(String module, long out, long in) {
        StoredPart scales =
                switch (scaling) {
                    case BLOCK ->
                        StoredPart.scales(
                                scaleSuffix, (out + blockRows - 1) / blockRows, (in + blockColumns - 1) / blockColumns);
                    case OUTPUT -> StoredPart.scales(scaleSuffix, out);
                    case WEIGHT -> StoredPart.scales(scaleSuffix);
                };
        return List.of(StoredPart.of("weight", Set.of(Dtype.FLOAT8), out, in), scales);
    }

    @Override
    public String groupIndex() {
        return "";
    }

    @Override
    public long group(long in) {
        return in;
    }

    @Override
    public String programName() {
        return "float8";
    }

    @Override
    public long[] programNumbers(long out, long in) {
        return switch (scaling) {
            case BLOCK -> new long[] {blockRows, blockColumns};
            case OUTPUT -> new long[] {1, in};
            case WEIGHT -> new long[] {out, in};
        };
    }

    @Override
    public boolean isInteger() {
        return false;
    }
}
