package io.github.camelvlm.model;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.torch.StoredTensor;
import java.io.IOException;
import java.util.Optional;

/** The order in which a matrix's inputs follow each other group by group, of a tensor that tells the group of each. */
final class GroupOrder {
    private GroupOrder() {}

    /**
     * Reads the tensor.
     *
     * @param index int32 [inputs]
     * @param group the inputs of a group
     * @return the inputs by their groups; empty if they are in order as they are
     * @throws IOException if the file cannot be read
     * @throws ModelLoadException if the groups are not all of that size
     */
    static Optional<long[]> read(StoredTensor index, long group) throws IOException {
        long[] groups = StoredIntegers.read(index);
        int inputs = groups.length;
        long[] order = new long[inputs];
        int[] filled = new int[Math.toIntExact(inputs / group)];
        boolean isSorted = true;
        for (int i = 0; i < inputs; i++) {
            int of = (int) groups[i];
            if (of < 0 || of >= filled.length || filled[of] == group) {
                throw new ModelLoadException("The tensor " + index.name() + " in " + index.file()
                        + " must put " + group + " inputs into each of " + filled.length + " groups, but "
                        + (of < 0 || of >= filled.length ? "names the group " + of : "puts more into group " + of)
                        + ": copy or download the file again");
            }
            int place = Math.toIntExact(of * group) + filled[of]++;
            order[place] = i;
            isSorted = isSorted && place == i;
        }
        return isSorted ? Optional.empty() : Optional.of(order);
    }
}
