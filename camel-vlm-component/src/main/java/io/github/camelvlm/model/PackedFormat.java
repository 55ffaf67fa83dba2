package io.github.camelvlm.model;

import io.github.camelvlm.torch.Dtype;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The pack-quantized format of compressed-tensors: integers of 4 or 8 bits.
 *
 * @param bits 4 or 8
 * @param groupSize the inputs that share a scale; -1 for all
 * @param symmetric whether there are no zeros
 * @param reordered whether groups are of inputs that were quantized one after the other, which need not be neighbours
 */
record PackedFormat(int bits, int groupSize, boolean symmetric, boolean reordered) implements IntegerFormat {
    private static final String GROUP_INDEX = "weight_g_idx";
    private static final String SHAPE = "weight_shape";

    @Override
    public String description() {
        return "compressed-tensors, " + sizes();
    }

    @Override
    public List<String> suffixes() {
        return List.of("weight_packed", "weight_scale");
    }

    @Override
    public List<StoredPart> parts(String module, long out, long in) {
        long group = group(in);
        RoundedFormat.requireWhole(module, "the inputs", group, in);
        RoundedFormat.requireWhole(module, "the inputs", codesPerInt(), in);
        List<StoredPart> parts = new ArrayList<>(List.of(
                StoredPart.integers("weight_packed", out, in / codesPerInt()),
                StoredPart.scales("weight_scale", out, in / group)));
        if (!symmetric) {
            RoundedFormat.requireWhole(module, "the outputs", codesPerInt(), out);
            parts.add(StoredPart.integers("weight_zero_point", out / codesPerInt(), in / group));
        }
        parts.add(groupIndexOf(in, reordered));
        parts.add(StoredPart.of(SHAPE, Set.of(Dtype.INT64, Dtype.INT32), 2).optional());
        return List.copyOf(parts);
    }

    @Override
    public String groupIndex() {
        return GROUP_INDEX;
    }

    @Override
    public String statedShape() {
        return SHAPE;
    }

    @Override
    public String programName() {
        return "pack-quantized";
    }

    @Override
    public long[] programNumbers(long out, long in) {
        return new long[] {bits};
    }
}
