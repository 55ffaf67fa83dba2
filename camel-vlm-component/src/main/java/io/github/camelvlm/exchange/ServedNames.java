package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.ModelNotServedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The names that requests may ask for the model by, and for its adapters.
 *
 * @param names of the model, at least one; answers to requests that name none have the first
 * @param isAnyTaken whether every other name is answered too
 * @param adapters the names of the adapters, and of an engine of several models those of the others
 */
public record ServedNames(List<String> names, boolean isAnyTaken, Set<String> adapters) {
    /**
     * Those that the options say; otherwise the model's own.
     *
     * @throws IllegalArgumentException if an adapter has a name of the model
     */
    public static ServedNames of(MessageOptions options, ModelInfo info) {
        String names = options.getServedModelNames();
        List<String> served = names == null
                ? List.of()
                : Arrays.stream(names.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
        List<String> own = served.isEmpty() ? List.of(info.name()) : served;
        Set<String> adapters = info.adapters().keySet();
        own.stream().filter(adapters::contains).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException(
                    "adapters has the name " + name + ", which the model has too: give the adapter another");
        });
        return new ServedNames(own, options.isAnyModelName(), adapters);
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
        if (!isAnyTaken && !names.contains(asked) && !adapters.contains(asked)) {
            List<String> all = new ArrayList<>(names);
            all.addAll(adapters);
            throw new ModelNotServedException(Echo.of(asked), all);
        }
        return asked;
    }

    /**
     * What answers a request: an adapter, or one of several models; null for the model as it is.
     *
     * @param asked the name that the request wrote, or null
     * @param otherwise what headers or options choose, if that chooses nothing; or null
     */
    public String chosen(String asked, String otherwise) {
        return adapter(asked, otherwise != null && names.contains(otherwise) ? null : otherwise);
    }

    /**
     * The adapter that answers a request; null for the model as it is.
     *
     * @param asked the name that the request wrote, or null
     * @param otherwise the adapter that answers if that is neither an adapter nor the model
     */
    public String adapter(String asked, String otherwise) {
        if (asked != null && adapters.contains(asked)) {
            return asked;
        }
        return asked != null && names.contains(asked) ? null : otherwise;
    }
}
