package io.github.camelvlm.model;

import java.util.List;

/**
 * AutoAWQ's gemm: integers of 4 bits with zeros.
 *
 * @param groupSize the inputs that share a scale; -1 for all
 */
record AwqFormat(int groupSize) implements IntegerFormat {
    @Override
    public int bits() {
        return 4;
    }

    @Override
    public String description() {
        return "AWQ, " + sizes();
    }

    @Override
    public List<String> suffixes() {
        return List.of("qweight", "qzeros", "scales");
    }

    @Override
    public List<StoredPart> parts(String module, long out, long in) {
        long group = group(in);
        RoundedFormat.requireWhole(module, "the inputs", group, in);
        RoundedFormat.requireWhole(module, "the outputs", codesPerInt(), out);
        return List.of(
                StoredPart.integers("qweight", in, out / codesPerInt()),
                StoredPart.integers("qzeros", in / group, out / codesPerInt()),
                StoredPart.scales("scales", in / group, out));
    }

    @Override
    public String groupIndex() {
        return "";
    }

    @Override
    public String programName() {
        return "awq";
    }

    @Override
    public long[] programNumbers(long out, long in) {
        return new long[0];
    }
}
