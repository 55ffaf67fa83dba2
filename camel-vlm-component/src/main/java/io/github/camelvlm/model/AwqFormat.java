package io.github.camelvlm.model;

import java.util.List;

/**
 * AutoAWQ's gemm: integers of 4 bits with zeros.
 *
 * @param groupSize the inputs that share a scale; -1 for all
 */
record AwqFormat(int groupSize) implements RoundedFormat {
    private static final int CODES_PER_INT = 8;

    @Override
    public String description() {
        return "AWQ, 4 bits" + GptqFormat.groups(groupSize);
    }

    @Override
    public List<String> suffixes() {
        return List.of("qweight", "qzeros", "scales");
    }

    @Override
    public List<StoredPart> parts(String module, long out, long in) {
        long group = group(in);
        RoundedFormat.requireWhole(module, "the inputs", group, in);
        RoundedFormat.requireWhole(module, "the outputs", CODES_PER_INT, out);
        return List.of(
                StoredPart.integers("qweight", in, out / CODES_PER_INT),
                StoredPart.integers("qzeros", in / group, out / CODES_PER_INT),
                StoredPart.scales("scales", in / group, out));
    }

    @Override
    public String groupIndex() {
        return "";
    }

    @Override
    public long group(long in) {
        return groupSize > 0 ? groupSize : in;
    }

    @Override
    public String programName() {
        return "awq";
    }

    @Override
    public long[] programNumbers(long out, long in) {
        return new long[0];
    }

    @Override
    public boolean isInteger() {
        return true;
    }
}
