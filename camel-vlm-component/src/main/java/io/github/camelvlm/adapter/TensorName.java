package io.github.camelvlm.adapter;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an adapter's tensor, taken apart.
 *
 * @param module the module it is of, as the version of transformers names it that trained the adapter
 * @param kind what it is of it
 */
record TensorName(String module, Kind kind) {
    private static final String BASE = "base_model.model.";
    /** PEFT leaves the adapter's own name out of the file; some programs write it, {@code default} mostly. */
    private static final String OWN_NAME = "(?:\\.[^.]+)?";

    private static final Pattern A = Pattern.compile("(.+)\\.lora_A" + OWN_NAME + "\\.weight");
    private static final Pattern B = Pattern.compile("(.+)\\.lora_B" + OWN_NAME + "\\.weight");
    private static final Pattern MAGNITUDES =
            Pattern.compile("(.+)\\.lora_magnitude_vector" + OWN_NAME + "(?:\\.weight)?");
    private static final Pattern WEIGHT =
            Pattern.compile("(.+?)(?:\\.modules_to_save" + OWN_NAME + "|\\.base_layer)?\\.weight");
    private static final Pattern BIAS =
            Pattern.compile("(.+?)(?:\\.modules_to_save" + OWN_NAME + "|\\.base_layer)?\\.bias");

    /** The kinds of tensors, in the order in which names are tried. */
    enum Kind {
        LORA_A(A),
        LORA_B(B),
        MAGNITUDES(TensorName.MAGNITUDES),
        WHOLE_WEIGHT(WEIGHT),
        WHOLE_BIAS(BIAS);

        private final Pattern pattern;

        Kind(Pattern pattern) {
            this.pattern = pattern;
        }
    }

    /** Takes a name apart; one of no known kind is taken for a weight, which no model has. */
    static TensorName of(String name) {
        String plain = name.startsWith(BASE) ? name.substring(BASE.length()) : name;
        for (Kind kind : Kind.values()) {
            Matcher matcher = kind.pattern.matcher(plain);
            if (matcher.matches()) {
                return new TensorName(matcher.group(1), kind);
            }
        }
        return new TensorName(plain, Kind.WHOLE_WEIGHT);
    }

    /** The parameter of the base that it changes, or replaces. */
    String parameter() {
        return module + (kind == Kind.WHOLE_BIAS ? ".bias" : ".weight");
    }
}
