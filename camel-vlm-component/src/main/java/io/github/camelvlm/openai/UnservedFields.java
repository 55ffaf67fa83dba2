package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.InvalidRequestException;
import java.util.List;
import java.util.Set;

/**
 * The fields of OpenAI's and vLLM's requests that would change the answer, and are not served: a request that sets one is
 * refused, rather than answered in another way than it asks for. A value that changes nothing is passed over, as are the
 * fields that never do, such as {@code store} and {@code service_tier}.
 */
final class UnservedFields {
    private static final String LEAVE_OUT = UnservedRules.LEAVE_OUT;
    private static final String OTHER_FORMS =
            "is not served here: ask for the form of the answer by a JSON Schema, a regular expression or choices";
    private static final String COMPACT = "is not served here, where JSON has the white space it has: leave it out";
    private static final String TEXT_ONLY = "asks for sound, but answers are text only: leave it out";

    /** They turn on and off what the models served here do not do. */
    private static final Set<String> THINKING = Set.of("enable_thinking", "thinking");

    private static final Set<String> FORMS = Set.of("json", "regex", "choice", "json_object");

    private static final Set<String> PICTURE_SETTINGS = Set.of("min_pixels", "max_pixels");
    /** They concern films. */
    private static final Set<String> FILM_SETTINGS = Set.of(
            "fps",
            "num_frames",
            "min_frames",
            "max_frames",
            "total_pixels",
            "video_profile",
            "video_fps",
            "video_maxlen",
            "video_min_pixels",
            "video_max_pixels");

    /** Those by which tokens would be drawn or told otherwise, whatever is asked. */
    private static final UnservedRules DRAWING = new UnservedRules()
            .add(
                    List.of(
                            "use_beam_search",
                            "early_stopping",
                            "watermarking",
                            "return_tokens_as_token_ids",
                            "return_token_ids",
                            "return_prompt_text"),
                    UnservedRules::isOff,
                    LEAVE_OUT)
            .add(List.of("logits_processors", "logprob_token_ids", "vllm_xargs"), UnservedRules::isEmpty, LEAVE_OUT)
            .add("truncate_prompt_tokens", UnservedRules::never, LEAVE_OUT)
            .add("length_penalty", value -> isNumber(value, 1), LEAVE_OUT);

    private static final UnservedRules CHAT = new UnservedRules()
            .add("echo", UnservedRules::isOff, LEAVE_OUT)
            .add("documents", UnservedRules::isEmpty, LEAVE_OUT)
            .add(List.of("guided_grammar", "structural_tag"), UnservedRules::isEmpty, OTHER_FORMS)
            .add("guided_whitespace_pattern", UnservedRules::never, COMPACT)
            .add(List.of("chat_template", "web_search_options"), UnservedRules::never, LEAVE_OUT)
            .add("best_of", value -> isNumber(value, 1), LEAVE_OUT)
            .add("verbosity", value -> value.asText().equals("medium"), LEAVE_OUT)
            .add(
                    "functions",
                    value -> value.isArray() && value.isEmpty(),
                    "is the older form of tools, and not served here: send tools")
            .add(
                    "function_call",
                    value -> Set.of("none", "auto").contains(value.asText()),
                    "is the older form of tool_choice, and not served here: send tool_choice")
            .add("audio", UnservedRules::never, TEXT_ONLY)
            .add("modalities", UnservedFields::isTextAlone, TEXT_ONLY)
            .add(
                    "chat_template_kwargs",
                    value -> hasOnly(value, THINKING),
                    "would change the chat template, which is the model's own: leave it out")
            .add(
                    "media_io_kwargs",
                    value -> value.isObject() && value.path("image").isEmpty(),
                    LEAVE_OUT);

    private UnservedFields() {}

    private static boolean isNumber(JsonNode value, int neutral) {
        return value.isNumber() && value.doubleValue() == neutral;
    }

    private static boolean isTextAlone(JsonNode modalities) {
        for (JsonNode modality : modalities) {
            if (!modality.asText().equals("text")) {
                return false;
            }
        }
        return modalities.isArray();
    }

    private static boolean hasOnly(JsonNode object, Set<String> names) {
        return object.isObject() && object.properties().stream().allMatch(field -> names.contains(field.getKey()));
    }

    /** @throws InvalidRequestException if tokens are to be drawn or told in a way that is not served */
    static void refuseDrawing(JsonValue request) {
        DRAWING.refuse(request);
    }

    /** @throws InvalidRequestException if another field of a chat completion would change the answer, and is not served */
    static void refuse(JsonValue request) {
        CHAT.refuse(request);
        refuseFormats(request.get(StructuredOutputs.FIELD));
        refusePictureSettings(request.get("mm_processor_kwargs"));
    }

    private static void refuseFormats(JsonValue outputs) {
        if (outputs.isAbsent()) {
            return;
        }
        outputs.fields().forEach((name, value) -> {
            if (!FORMS.contains(name) && !isSettingOfABackend(name) && !value.isAbsent()) {
                throw value.unserved(name.equals("whitespace_pattern") ? COMPACT : OTHER_FORMS);
            }
        });
    }

    private static boolean isSettingOfABackend(String name) {
        return name.startsWith("disable_") || name.startsWith("_");
    }

    private static void refusePictureSettings(JsonValue kwargs) {
        if (kwargs.isAbsent()) {
            return;
        }
        kwargs.fields().forEach((name, value) -> {
            if (!PICTURE_SETTINGS.contains(name) && !FILM_SETTINGS.contains(name) && !value.isAbsent()) {
                throw value.unserved("is not served here: min_pixels and max_pixels are");
            }
        });
    }
}
