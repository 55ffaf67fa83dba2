package io.github.camelvlm.model;

import io.github.camelvlm.chat.ModelLoadException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which of a checkpoint's weights are rounded, and how: what its {@code config.json} says of it. */
public final class Quantization {
    /** Of a checkpoint that has rounded nothing. */
    public static final Quantization NONE = new Quantization(List.of(), ModuleNames.NONE);

    private final List<Group> groups;
    private final ModuleNames leftOut;

    /** Parts of a model whose weights are stored in one way. */
    record Group(ModuleNames modules, RoundedFormat format) {}

    Quantization(List<Group> groups, ModuleNames leftOut) {
        this.groups = List.copyOf(groups);
        this.leftOut = leftOut;
    }

    /**
     * How the weight of a module is stored, if the checkpoint has rounded it, which its files tell in the end.
     *
     * @param module its names, of which the configuration may use any
     */
    Optional<RoundedFormat> formatOf(List<String> module) {
        if (leftOut.contain(module)) {
            return Optional.empty();
        }
        return groups.stream()
                .filter(group -> group.modules.contain(module))
                .map(Group::format)
                .findFirst();
    }

    /** For people: {@code AWQ, 4 bits in groups of 128}. */
    public String description() {
        return groups.stream()
                .map(group -> group.format.description())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    /**
     * Refuses to round a second time.
     *
     * @throws ModelLoadException if the matrices that the checkpoint has left as they were are to be rounded, too
     */
    public void requireNotRoundedAgain(LinearKernel kernel) {
        if (!groups.isEmpty() && kernel.rounds()) {
            throw new ModelLoadException("The model's weights are rounded already (" + description()
                    + "): set quantization=none, or name the model in bfloat16 to have it rounded here");
        }
    }
}
