import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A picture whose shapes are to be told and recorded, and what a right client makes of it. */
final class Shapes {
    static final Path PICTURE = Application.ROOT.resolve("samples/pictures/triangle-and-hexagon.png");
    static final String CAPTION = "An orange triangle below a yellow hexagon, on a green background.";
    static final String SUMMARY = "Recorded as numbers 1 and 2.";

    /** What the model may call. */
    static final String FUNCTION = "record_shape";

    static final String DESCRIPTION = "Records a shape of the picture.";
    static final String PARAMETERS = """
            {
              "type": "object",
              "properties": {"color": {"type": "string"}, "shape": {"type": "string"}},
              "required": ["color", "shape"]
            }""";

    private final List<String> recorded = new ArrayList<>();

    static byte[] picture() {
        try {
            return Files.readAllBytes(PICTURE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String record(String color, String shape) {
        recorded.add(color + " " + shape);
        return "{\"number\": %d}".formatted(recorded.size());
    }

    List<String> recorded() {
        return recorded;
    }
}
