package io.github.camelvlm.model;

import io.github.camelvlm.chat.ModelLoadException;
import java.util.List;

/** How a checkpoint stores weights that it has rounded. The program's part {@code formats} has the other half of each. */
interface RoundedFormat {

    /** For people, such as {@code AWQ, 4 bits in groups of 128}. */
    String description();

    /** What stands behind a module's name in the names of tensors that only a rounded weight has. */
    List<String> suffixes();

    /**
     * The tensors that stand for a weight.
     *
     * @param module the name of what the weight belongs to
     * @param out its rows
     * @param in its columns
     * @throws ModelLoadException if a weight of this size cannot be stored so
     */
    List<StoredPart> parts(String module, long out, long in);

    /** The part whose integers tell the group of each input, where groups need not be of neighbours; empty if there is none. */
    String groupIndex();

    /** The part whose integers tell the size of the weight; empty if there is none. */
    default String statedShape() {
        return "";
    }

    /** The inputs that share a scale. */
    long group(long in);

    /** What the program calls it. */
    String programName();

    /** What the program is told of it. */
    long[] programNumbers(long out, long in);

    /** Whether a weight is of integers, which a CPU's kernel can multiply as they are. */
    boolean isInteger();

    /** Refuses groups that do not fill the inputs. */
    static void requireWhole(String module, String what, long unit, long size) {
        if (size % unit != 0) {
            throw new ModelLoadException("By config.json's quantization_config " + what + " of " + module + " come in "
                    + unit + "s, but there are " + size + ": the files are not of one model");
        }
    }
}
