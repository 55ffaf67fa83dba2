package io.github.camelvlm.model;

import java.util.List;

/**
 * AutoGPTQ's: integers of 4 or 8 bits with zeros.
 *
 * @param bits 4 or 8
 * @param groupSize the inputs that share a scale; -1 for all
 * @param reordered whether groups are of inputs that were quantized one after the other, which need not be neighbours
 * @param zerosLessOne whether zeros are stored less one
 */
record GptqFormat(int bits, int groupSize, boolean reordered, boolean zerosLessOne) implements IntegerFormat {
    private static final String GROUP_INDEX = "g_idx";

    @Override
    public String description() {
        return "GPTQ, " + sizes() + (reordered ? ", reordered" : "");
    }

    @Override
    public List<String> suffixes() {
        return List.of("qweight", "qzeros", "scales", GROUP_INDEX);
    }

    @Override
    public List<StoredPart> parts(String module, long out, long in) {
        long group = group(in);
        RoundedFormat.requireWhole(module, "the inputs", group, in);
        RoundedFormat.requireWhole(module, "the inputs", codesPerInt(), in);
        RoundedFormat.requireWhole(module, "the outputs", codesPerInt(), out);
        return List.of(
                StoredPart.integers("qweight", in / codesPerInt(), out),
                StoredPart.integers("qzeros", in / group, out / codesPerInt()),
                StoredPart.scales("scales", in / group, out),
                groupIndexOf(in, reordered));
    }

    @Override
    public String groupIndex() {
        return GROUP_INDEX;
    }

    @Override
    public String programName() {
        return "gptq";
    }

    @Override
    public long[] programNumbers(long out, long in) {
        return new long[] {bits, zerosLessOne ? 1 : 0};
    }
}
