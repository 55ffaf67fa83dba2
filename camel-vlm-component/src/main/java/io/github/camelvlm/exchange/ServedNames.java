package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.chat.ModelNotServedException;
import java.util.Arrays;
import java.util.List;

/**
 * The names that requests may ask for the model by.
 *
 * @param names at least one; answers to requests that name none have the first
 * @param isAnyTaken whether every other name is answered too
 */
public record ServedNames(List<String> names, boolean isAnyTaken) {
    /** Those that the options say; otherwise the model's own. */
    public static ServedNames of(MessageOptions options, String ownName) {
        String names = options.getServedModelNames();
        List<String> served = names == null
                ? List.of()
                : Arrays.stream(names.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
        return new ServedNames(served.isEmpty() ? List.of(ownName) : served, options.isAnyModelName());
    }

    /**
     * The name under which a request is answered.
     *
     * @param asked the name that the request wrote, or null
     * @throws ModelNotServedException if it is another
     */
    public String require(String asked) {
        if (asked == null || asked.isEmpty()) {
            return names.get(0);
        }
        if (!isAnyTaken && !names.contains(asked)) {
            throw new ModelNotServedException(Echo.of(asked), names);
        }
        return asked;
    }
}
