package io.github.camelvlm.openai;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.openai.ImageContent.ImageUrl;

/**
 * Reads the parts of a message that are pictures, as clients write them: of type {@code image_url} as OpenAI's chat
 * completions have it, {@code input_image} as its Responses do, {@code image} as Qwen's examples and transformers do, and
 * {@code file} or {@code input_file}, in which LlamaIndex sends pictures.
 */
public final class ImageContentReader {
    static final String QWEN_TYPE = "image";
    static final String RESPONSES_TYPE = "input_image";
    static final String FILE_TYPE = "file";
    static final String RESPONSES_FILE_TYPE = "input_file";

    private ImageContentReader() {}

    /**
     * Reads a picture that is named by its address alone, or by an object as a part has it.
     *
     * @throws InvalidRequestException if it is neither
     */
    public static ImageContent address(JsonValue address) {
        return image(JsonValue.of(address.path(), null), address);
    }

    /** @param type what the part is, said by itself or known by its fields */
    static ImageContent read(JsonValue part, String type) {
        refuseOtherSizes(part);
        return switch (type) {
            case QWEN_TYPE -> image(part, named(part, "image", "url", "image_url"));
            case RESPONSES_TYPE -> input(part);
            case FILE_TYPE -> file(part.get("file").requireObject());
            case RESPONSES_FILE_TYPE -> file(part);
            default -> image(part, part.get("image_url"));
        };
    }

    private static ImageContent input(JsonValue part) {
        if (part.get("image_url").isAbsent() && part.get("uuid").isAbsent()) {
            refuseUploaded(part);
        }
        return image(part, part.get("image_url"));
    }

    /** Whether it is a picture shows when its bytes are looked at. */
    private static ImageContent file(JsonValue file) {
        JsonValue data = file.get("file_data");
        if (data.isAbsent()) {
            refuseUploaded(file);
        }
        return new ImageContent(new ImageUrl(data.requireString(), null), null, null);
    }

    private static void refuseUploaded(JsonValue part) {
        JsonValue file = part.get("file_id");
        if (!file.isAbsent()) {
            throw new InvalidRequestException(
                    file.path(),
                    "names a file that was uploaded, but this server keeps none: send the picture as image_url",
                    "unsupported_value");
        }
    }

    /** The first of these fields that is there; if none is, the first, for the error. */
    private static JsonValue named(JsonValue part, String... names) {
        for (String name : names) {
            if (!part.get(name).isAbsent()) {
                return part.get(name);
            }
        }
        return part.get(names[0]);
    }

    /** The address is an object, as OpenAI has it, or the bare string that many clients write. */
    private static ImageContent image(JsonValue part, JsonValue address) {
        String uuid = part.get("uuid").string();
        if (uuid != null && address.isAbsent()) {
            return new ImageContent(
                    null,
                    part.get("min_pixels").integerOrDigits(),
                    part.get("max_pixels").integerOrDigits(),
                    uuid);
        }
        if (address.isString()) {
            return new ImageContent(
                    new ImageUrl(address.requireString(), part.get("detail").string()),
                    part.get("min_pixels").integerOrDigits(),
                    part.get("max_pixels").integerOrDigits(),
                    uuid);
        }
        if (!address.isObject()) {
            throw address.mustBe("an object with url, or a string");
        }
        String inside = address.get("detail").string();
        return new ImageContent(
                new ImageUrl(
                        address.get("url").requireString(),
                        inside != null ? inside : part.get("detail").string()),
                pixels("min_pixels", part, address),
                pixels("max_pixels", part, address),
                uuid);
    }

    private static Integer pixels(String name, JsonValue part, JsonValue address) {
        Integer inside = address.get(name).integerOrDigits();
        Integer beside = part.get(name).integerOrDigits();
        return inside != null ? inside : beside;
    }

    /** Qwen's own code knows them; to pass over them would show the model another picture than was asked for. */
    private static void refuseOtherSizes(JsonValue part) {
        for (String name : new String[] {"resized_height", "resized_width"}) {
            if (!part.get(name).isAbsent()) {
                throw new InvalidRequestException(
                        part.get(name).path(),
                        "is not supported: say the size by min_pixels and max_pixels",
                        "unsupported_value");
            }
        }
    }
}
