package io.github.camelvlm.goldens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.FrameLimits;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.VideoFrames;
import io.github.camelvlm.chat.VideoPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A conversation and what transformers computed for it; {@code goldens/README.md} explains the fields.
 *
 * @param model the directory of the model that was asked
 * @param json the case
 */
public record GoldenCase(Path model, JsonNode json) {
    private static final Path GOLDENS = Path.of("src/test/resources/goldens");

    /** The model of {@code shapes-vl.json}. */
    public static final Path SHAPES_VL = Path.of("../samples/models/shapes-vl");

    /** The model of {@code shapes-tools.json}. */
    public static final Path SHAPES_TOOLS = Path.of("../samples/models/shapes-tools");

    /** The adapter of {@code shapes-json.json}, for {@link #SHAPES_VL}. */
    public static final Path SHAPES_JSON = Path.of("../samples/models/shapes-json-lora");

    /** The model of {@code random-vl.json}. */
    public static final Path RANDOM_VL = Path.of("src/test/resources/models/random-vl");

    /** The model of {@code random-vl25.json}, a Qwen2.5-VL. */
    public static final Path RANDOM_VL25 = Path.of("src/test/resources/models/random-vl25");

    /** The model of {@code random-vl3.json}, a Qwen3-VL. */
    public static final Path RANDOM_VL3 = Path.of("src/test/resources/models/random-vl3");

    /** Models whose weights are rounded, in each of the formats that are served; {@code NAME.json} belongs to each. */
    public static final List<Path> QUANTIZED = Stream.of(
                    "random-awq",
                    "random-gptq4",
                    "random-gptq4-act",
                    "random-gptq8",
                    "random-packed",
                    "random-vl3-fp8",
                    "shapes-vl-awq")
            .map(Path.of("src/test/resources/models")::resolve)
            .toList();

    /** The adapters for random-vl. */
    public static final Path ADAPTERS = Path.of("src/test/resources/models/adapters");

    /** The tokenizer of the published models. */
    public static final Path QWEN2_TOKENIZER = Path.of("src/test/resources/qwen2-tokenizer");

    /** All cases of all models. */
    public static Stream<GoldenCase> all() {
        return Stream.of(shapes(), random(), read("random-vl25.json", RANDOM_VL25), read("random-vl3.json", RANDOM_VL3))
                .flatMap(Function.identity());
    }

    /** All cases of the models whose weights are rounded. */
    public static Stream<GoldenCase> quantized() {
        return QUANTIZED.stream().flatMap(model -> read(model.getFileName() + ".json", model));
    }

    /** The case of shapes-vl with a name. */
    public static GoldenCase shapes(String name) {
        return shapes().filter(golden -> golden.name().equals(name)).findFirst().orElseThrow();
    }

    public static Stream<GoldenCase> shapes() {
        return read("shapes-vl.json", SHAPES_VL);
    }

    /** The cases with tools, which {@link #request} tells of. */
    public static Stream<GoldenCase> tools() {
        return read("shapes-tools.json", SHAPES_TOOLS);
    }

    /** The cases of shapes-vl with {@link #SHAPES_JSON}. */
    public static Stream<GoldenCase> inventories() {
        return read("shapes-json.json", SHAPES_VL);
    }

    public static Stream<GoldenCase> random() {
        return read("random-vl.json", RANDOM_VL);
    }

    /** The cases of random-vl with one of the {@link #ADAPTERS}. */
    public static Stream<GoldenCase> adapted(String adapter) {
        return read(adapter + ".json", RANDOM_VL);
    }

    private static Stream<GoldenCase> read(String file, Path model) {
        List<GoldenCase> cases = new ArrayList<>();
        try {
            new ObjectMapper()
                    .readTree(GOLDENS.resolve(file).toFile())
                    .forEach(json -> cases.add(new GoldenCase(model, json)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases.stream();
    }

    public String name() {
        return json.get("name").asText();
    }

    /** The case as a request in OpenAI's format: greedy, and with its tools if it has any. */
    public ObjectNode request() {
        return ((ObjectNode) json.deepCopy())
                .retain("messages", "tools", "max_tokens")
                .put("temperature", 0);
    }

    /** The conversation, with the pictures as they come. */
    public List<Message> messages() {
        return messages(GoldenCase::picture);
    }

    /** The conversation, with those pictures whose decoders differ replaced by what the reference's decoder made of them. */
    public List<Message> messagesWithReferencePixels() {
        return messages(name -> Files.exists(decoded(name)) ? encoded(name, decoded(name)) : picture(name));
    }

    /** All cases of all models, with pictures and with videos. */
    public static Stream<GoldenCase> allWithVideos() {
        return Stream.concat(all(), videos());
    }

    /** The cases with videos, of all families. */
    public static Stream<GoldenCase> videos() {
        return Stream.of(RANDOM_VL, RANDOM_VL25, RANDOM_VL3)
                .flatMap(model -> read("video-" + model.getFileName() + ".json", model));
    }

    /** A picture of the goldens. */
    public static EncodedImage picture(String name) {
        return encoded(name, GOLDENS.resolve("images").resolve(name));
    }

    private interface Pictures {
        EncodedImage get(String name);
    }

    private List<Message> messages(Pictures pictures) {
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : json.get("messages")) {
            Role role = Role.valueOf(message.get("role").asText().toUpperCase(Locale.ROOT));
            List<Part> parts = new ArrayList<>();
            if (message.get("content").isTextual()) {
                parts.add(new TextPart(message.get("content").asText()));
            } else {
                message.get("content").forEach(part -> parts.add(part(part, pictures)));
            }
            messages.add(new Message(role, parts));
        }
        return messages;
    }

    private static Part part(JsonNode part, Pictures pictures) {
        if (part.has("text")) {
            return new TextPart(part.get("text").asText());
        }
        if (!part.has("video")) {
            return new ImagePart(pictures.get(part.at("/image_url/url").asText()));
        }
        List<EncodedImage> frames = new ArrayList<>();
        part.get("video").forEach(name -> frames.add(pictures.get(name.asText())));
        return new VideoPart(
                new VideoFrames("video", frames, part.get("fps").asDouble()),
                new FrameLimits(
                        part.get("min_pixels").asInt(), part.get("max_pixels").asInt(), null),
                null);
    }

    /** Whether a picture of it is JPEG or lossy WebP, which decoders decode differently. */
    public boolean isLossy() {
        return json.findValuesAsText("url").stream().anyMatch(name -> Files.exists(decoded(name)));
    }

    private static Path decoded(String name) {
        return GOLDENS.resolve("decoded").resolve(name + ".png");
    }

    private static EncodedImage encoded(String name, Path file) {
        try {
            return new EncodedImage(name, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows and columns of patches of each picture. */
    public List<int[]> grids() {
        List<int[]> grids = new ArrayList<>();
        json.path("image_grid_thw")
                .forEach(grid ->
                        grids.add(new int[] {grid.get(1).asInt(), grid.get(2).asInt()}));
        return grids;
    }

    /** Steps in time, rows and columns of patches of each video. */
    public List<int[]> videoGrids() {
        List<int[]> grids = new ArrayList<>();
        json.path("video_grid_thw").forEach(grid -> grids.add(ints(grid)));
        return grids;
    }

    /** A text field. */
    public String text(String field) {
        return json.get(field).asText();
    }

    /** An array of whole numbers. */
    public int[] ints(String field) {
        return ints(json.get(field));
    }

    /** An array of whole numbers. */
    public static int[] ints(JsonNode array) {
        int[] ints = new int[array.size()];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = array.get(i).asInt();
        }
        return ints;
    }

    @Override
    public String toString() {
        return model.getFileName() + ": " + name();
    }
}
