package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.ContextLengthException;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.goldens.GoldenCase;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Videos as clients of vLLM and Qwen's own examples send them. */
class VideoChatTest extends VlmTestSupport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FILM = Path.of("../samples/videos/circle-then-square.mp4");
    private static final String CIRCLE_THEN_SQUARE =
            "A red circle to the left of a blue square, on a white background.";
    private static final int AS_TRAINED = 112 * 112;

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String film() throws Exception {
        return "data:video/mp4;base64," + base64(Files.readAllBytes(FILM));
    }

    private String ask(String options, Map<String, Object> video, String question, Map<String, Object> more)
            throws Exception {
        Map<String, Object> request = new HashMap<>(more);
        request.put("model", "shapes-vl");
        request.put("temperature", 0);
        request.put("max_tokens", 40);
        request.put(
                "messages",
                List.of(Map.of("role", "user", "content", List.of(video, Map.of("type", "text", "text", question)))));
        String answer = send(
                        "vlm:chat?" + MODEL + options,
                        exchange -> exchange.getMessage().setBody(JSON.writeValueAsString(request)))
                .getMessage()
                .getBody(String.class);
        return JSON.readTree(answer).at("/choices/0/message/content").asText();
    }

    private String ask(Map<String, Object> video, String question) throws Exception {
        return ask("", video, question, Map.of());
    }

    @Test
    void seesAFilmAsVllmsClientsSendIt() throws Exception {
        Map<String, Object> video = Map.of("type", "video_url", "video_url", Map.of("url", film()));

        assertThat(ask(
                        "",
                        video,
                        "Describe this image.",
                        Map.of("mm_processor_kwargs", Map.of("max_pixels", AS_TRAINED))))
                .isEqualTo(CIRCLE_THEN_SQUARE);
        assertThat(ask("&maxPixels=" + AS_TRAINED, video, "Describe this image.", Map.of()))
                .isEqualTo(CIRCLE_THEN_SQUARE);
    }

    @Test
    void seesThePartOfAFilmThatQwensFieldsSay() throws Exception {
        assertThat(ask(
                        Map.of("type", "video", "video", film(), "max_pixels", AS_TRAINED, "video_end", 1.9),
                        "What color is it?"))
                .isEqualTo("Red.");
        assertThat(ask(
                        Map.of(
                                "type",
                                "video",
                                "video",
                                film(),
                                "max_pixels",
                                AS_TRAINED,
                                "video_start",
                                2.1,
                                "nframes",
                                4),
                        "What color is it?"))
                .isEqualTo("Blue.");
    }

    @Test
    void seesFramesThatAreListedAndFramesInOneUrl() throws Exception {
        byte[] png = GoldenCase.picture("one-shape.png").bytes();
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", jpeg);
        String expected = GoldenCase.shapes("describe one-shape.png").text("text");

        assertThat(ask(
                        Map.of(
                                "type",
                                "video",
                                "video",
                                List.of("data:image/png;base64," + base64(png), "data:image/png;base64," + base64(png)),
                                "fps",
                                1.0,
                                "min_pixels",
                                3136,
                                "max_pixels",
                                image.getWidth() * image.getHeight()),
                        "Describe this image."))
                .isEqualTo(expected);
        String two = Collections.nCopies(2, base64(jpeg.toByteArray())).stream().collect(Collectors.joining(","));
        assertThat(ask(
                        "&minPixels=3136&maxPixels=" + image.getWidth() * image.getHeight(),
                        Map.of("type", "video_url", "video_url", Map.of("url", "data:video/jpeg;base64," + two)),
                        "Describe this image.",
                        Map.of()))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    fps         | 0    | messages[0].content[0].fps must be a number above 0, but is 0.0
                    nframes     | 1    | messages[0].content[0].nframes must be at least 2, but is 1
                    nframes     | 1000 | messages[0].content[0] shows 1000 frames, but at most 768 are taken: show fewer, or raise maxFrames
                    video_start | 9    | messages[0].content[0].video_start to video_end holds no frame: the video has 40 frames, 10.0 a second
                    fps         | -2   | messages[0].content[0].fps must be a number above 0, but is -2.0
                    nframes     | 0    | messages[0].content[0].nframes must be at least 2, but is 0
                    nframes     | 1000000000 | messages[0].content[0] shows 1000000000 frames, but at most 768 are taken: show fewer, or raise maxFrames
                    nframes     | 42   | messages[0].content[0].nframes must be at most the 40 frames of the video, but is 42
                    min_frames  | 769  | messages[0].content[0] shows 769 frames, but at most 768 are taken: show fewer, or raise maxFrames
                    max_frames  | -4   | messages[0].content[0].max_frames must be at least 2, but is -4
                    video_start | -1   | messages[0].content[0].video_start must be a number of seconds from 0 on, but is -1.0
                    video_start | 1e300 | messages[0].content[0].video_start to video_end holds no frame: the video has 40 frames, 10.0 a second
                    video_end   | 0    | messages[0].content[0].video_end must be above video_start, but is 0.0
                    total_pixels | 0   | messages[0].content[0].total_pixels must be at least 1, but is 0
                    max_pixels  | 0    | messages[0].content[0].max_pixels must be at least 1, but is 0
                    resized_width | 56 | messages[0].content[0].resized_width is not supported: say the size by min_pixels and max_pixels
                    """)
    void refusesWhatCannotBeShown(String field, double value, String message) throws Exception {
        Object number = value == (int) value ? (Object) (int) value : value;
        Map<String, Object> video = Map.of("type", "video", "video", film(), field, number);
        assertThatThrownBy(() -> ask(video, "What happens?"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(message);
    }

    /** As a PDF is; clients that know of pictures alone send it so. */
    @Test
    void showsAFilmThatComesInThePlaceOfAPicture() throws Exception {
        Map<String, Object> film =
                Map.of("type", "image_url", "image_url", Map.of("url", film()), "max_pixels", AS_TRAINED);

        assertThat(ask(film, "Describe this image.")).isEqualTo(CIRCLE_THEN_SQUARE);
    }

    @Test
    void saysWhatIsWrongWithAVideo() {
        Map<String, Object> text =
                Map.of("type", "video_url", "video_url", Map.of("url", "data:video/mp4;base64,aGVsbG8="));
        assertThatThrownBy(() -> ask(text, "What happens?"))
                .isInstanceOfSatisfying(
                        UnreadablePictureException.class,
                        e -> assertThat(e.place()).isEqualTo("messages[0].content[0]"))
                .hasMessageStartingWith("video in the request is no MP4, QuickTime, Matroska or WebM file");
        Map<String, Object> picture =
                Map.of("type", "video_url", "video_url", Map.of("url", "data:text/html;base64,aGVsbG8="));
        assertThatThrownBy(() -> ask(picture, "What happens?"))
                .hasMessageContaining("and its content is no video: send a video");
        Map<String, Object> local = Map.of("type", "video_url", "video_url", Map.of("url", "film.mp4"));
        assertThatThrownBy(() -> ask(local, "What happens?")).hasMessageContaining("video film.mp4 is refused");
    }

    @Test
    void saysThatAFilmDoesNotFitBeforeItIsDecoded() {
        assertThatThrownBy(
                        () -> ask(Map.of("type", "video", "video", film(), "min_pixels", 1_000_000), "What happens?"))
                .isInstanceOf(ContextLengthException.class)
                .hasMessageContaining("tokens or more, and the context holds 4096");
    }

    private int tokens(String options, Map<String, Object> video, Map<String, Object> more) throws Exception {
        Map<String, Object> request = new HashMap<>(more);
        request.put("model", "shapes-vl");
        request.put("max_tokens", 1);
        request.put("messages", List.of(Map.of("role", "user", "content", List.of(video))));
        String answer = send(
                        "vlm:chat?" + MODEL + options,
                        exchange -> exchange.getMessage().setBody(JSON.writeValueAsString(request)))
                .getMessage()
                .getBody(String.class);
        return JSON.readTree(answer).at("/usage/prompt_tokens").asInt();
    }

    /** A token is 28 x 28 pixels of two frames. */
    @Test
    void samplesAFilmAsLlamaFactoryWhereItIsAskedTo() throws Exception {
        Map<String, Object> film = Map.of("type", "video_url", "video_url", Map.of("url", film()));
        Map<String, Object> asked = new HashMap<>(film);
        asked.put("video_profile", "llama-factory");
        String profile = "&videoProfile=llama-factory";
        int words = tokens(profile, film, Map.of()) - 4 * 16;

        assertThat(words).isBetween(1, 30);
        assertThat(tokens("", asked, Map.of()) - words).isEqualTo(4 * 16);
        assertThat(tokens("", film, Map.of("mm_processor_kwargs", Map.of("video_profile", "llama-factory"))) - words)
                .isEqualTo(4 * 16);
        assertThat(tokens(profile + "&videoMaxlen=5", film, Map.of()) - words)
                .as("the fifth frame is shown twice")
                .isEqualTo(3 * 16);
        assertThat(tokens(profile, film, Map.of("mm_processor_kwargs", Map.of("video_maxlen", 2))) - words)
                .isEqualTo(16);
        assertThat(tokens(
                                profile,
                                film,
                                Map.of("mm_processor_kwargs", Map.of("video_fps", 1, "video_max_pixels", 7056)))
                        - words)
                .isEqualTo(2 * 9);
        assertThat(tokens(profile + "&fps=0.5&videoMaxPixels=7056", film, Map.of()) - words)
                .isEqualTo(9);
        assertThat(tokens("", film, Map.of()) - words)
                .as("Qwen enlarges to 128 tokens")
                .isGreaterThan(4 * 128);
    }

    @Test
    void takesTheSettingsOfVideosForAllOfARequest() throws Exception {
        Map<String, Object> film =
                Map.of("type", "video_url", "video_url", Map.of("url", film()), "max_pixels", AS_TRAINED);
        int four = tokens("", film, Map.of("mm_processor_kwargs", Map.of("max_frames", 4)));
        int eight = tokens("", film, Map.of("mm_processor_kwargs", Map.of("min_frames", 8, "total_pixels", 900_000)));

        assertThat(eight - four).isEqualTo(2 * 16);
        assertThat(tokens("&fps=1", film, Map.of())).as("the option").isEqualTo(four);
    }

    @Test
    void refusesAProfileThatItDoesNotHave() throws Exception {
        Map<String, Object> film = Map.of("type", "video", "video", film(), "video_profile", "keyframes");
        assertThatThrownBy(() -> ask(film, "What happens?"))
                .hasMessage("messages[0].content[0].video_profile must be qwen or llama-factory, but is keyframes");
        assertThatThrownBy(() -> send("vlm:chat?" + MODEL + "&videoProfile=uniform", exchange -> {}))
                .hasStackTraceContaining("videoProfile must be qwen or llama-factory, but is uniform");
    }

    /** Words, and 16 tokens for each two frames. */
    @ParameterizedTest
    @CsvSource({
        "fps, 1e-9, 2",
        "fps, 1e9, 20",
        "nframes, 3, 2",
        "nframes, 40, 20",
        "video_end, 1e300, 4",
        "min_frames, 41, 20",
        "max_frames, 3, 1",
        "total_pixels, 9000000000, 4"
    })
    void showsAsManyFramesAsThereAreForNumbersAtTheEdge(String field, double value, int pairs) throws Exception {
        Object number = value == (long) value ? (Object) (long) value : value;
        Map<String, Object> video = new HashMap<>(Map.of("type", "video", "video", film(), "max_pixels", AS_TRAINED));
        int words = tokens("", new HashMap<>(video), Map.of()) - 4 * 16;
        video.put(field, field.startsWith("video_") || field.equals("fps") ? (Object) value : number);

        assertThat(tokens("", video, Map.of()) - words).isEqualTo(pairs * 16);
    }

    @ParameterizedTest
    @CsvSource({"-1.0", "NaN", "1e400"})
    void refusesATimeThatIsNone(String seconds) throws Exception {
        String request = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"video\",\"video\":\"" + film()
                + "\",\"video_end\":" + seconds + "}]}]}";
        assertThatThrownBy(() -> send(
                        "vlm:chat?" + MODEL, exchange -> exchange.getMessage().setBody(request)))
                .isInstanceOf(InvalidRequestException.class);
    }
}
