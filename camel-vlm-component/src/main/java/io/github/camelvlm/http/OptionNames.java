package io.github.camelvlm.http;

import io.github.camelvlm.openai.OpenAiError;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What those who run or ask a service call the options of {@code vlm:} that errors name: who runs it has set {@code
 * API_MAX_IMAGES}, and knows nothing of an endpoint's {@code maxImages}.
 */
final class OptionNames {
    private final Map<String, String> names = new HashMap<>();
    private final Pattern options;

    /**
     * @param pairs such as {@code maxImages=API_MAX_IMAGES}, separated by commas; null or blank for none
     * @throws IllegalArgumentException if one is no such pair
     */
    OptionNames(String pairs) {
        for (String pair : pairs == null || pairs.isBlank() ? new String[0] : pairs.split(",")) {
            String[] parts = pair.strip().split("=", -1);
            if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
                throw new IllegalArgumentException("optionNames has the entry \"" + pair.strip()
                        + "\": write the name of an option and what it is called here, such as"
                        + " maxImages=API_MAX_IMAGES");
            }
            names.put(parts[0].strip(), parts[1].strip());
        }
        options = Pattern.compile(
                names.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|", "\\b(?:", ")\\b")));
    }

    /** An error with the options named as they are called here. */
    OpenAiError in(OpenAiError error) {
        OpenAiError.Detail detail = error.error();
        if (names.isEmpty() || detail.message() == null) {
            return error;
        }
        String message = options.matcher(detail.message()).replaceAll(option -> names.get(option.group()));
        return new OpenAiError(
                error.status(), new OpenAiError.Detail(message, detail.type(), detail.param(), detail.code()));
    }
}
