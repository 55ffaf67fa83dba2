package io.github.camelvlm.chat;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** By whose rules frames of a video are chosen and sized: a model answers best to those that it was trained by. */
public enum VideoProfile {
    /** Those of {@code fetch_video} in Qwen's {@code qwen_vl_utils}. */
    QWEN,
    /** Those of LLaMA-Factory, with its {@code video_fps}, {@code video_maxlen}, {@code video_max_pixels}. */
    LLAMA_FACTORY;

    /** How options and requests write it. */
    public String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The profile of a name.
     *
     * @param field what says it, for errors
     * @param option as {@link #option} writes it, or null
     * @return null for null
     * @throws InvalidRequestException if there is none of this name
     */
    public static VideoProfile of(String field, String option) {
        if (option == null || option.isBlank()) {
            return null;
        }
        return Arrays.stream(values())
                .filter(profile -> profile.option().equalsIgnoreCase(option.strip()))
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException(
                        field,
                        "must be "
                                + Arrays.stream(values())
                                        .map(VideoProfile::option)
                                        .collect(Collectors.joining(" or "))
                                + ", but is " + Echo.of(option)));
    }
}
