package io.github.camelvlm.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.Box;
import io.github.camelvlm.chat.BoxForm;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.SeenPicture;
import io.github.camelvlm.chat.UpstreamException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds boxes in an answer: JSON, whether or not in a fence or among words, or corners in parentheses after a name, with
 * or without the special tokens around them. Of an answer that was cut, those that are whole. Points are passed over, and
 * four of them in a row are the corners of a box.
 */
public final class BoxReader {
    private static final Logger LOG = LoggerFactory.getLogger(BoxReader.class);

    private static final double THOUSANDTHS = 1000;
    private static final int CORNERS = 4;
    /** The brackets of an answer that JSON is looked for at, of which a long one may have as many as characters. */
    private static final int MAX_TRIES = 100;

    private static final Set<String> CORNER_FIELDS = Set.of("bbox_2d", "bbox", "box_2d", "box");
    private static final Set<String> LABEL_FIELDS = Set.of("label", "text_content", "name", "object", "text");

    private static final String NUMBER = "\\s{0,9}+-?\\d{1,9}+(?:\\.\\d{1,9}+)?+\\s{0,9}+";
    private static final String POINT = "\\(" + NUMBER + "," + NUMBER + "\\)";
    private static final Pattern POINTS = Pattern.compile(POINT + "(?:\\s{0,9}+,\\s{0,9}+" + POINT + ")*+");
    private static final Pattern COORDINATE = Pattern.compile("-?\\d++(?:\\.\\d++)?+");
    private static final Pattern SPECIAL = Pattern.compile("<\\|[a-z_]{1,40}+\\|>");
    private static final String REFERENCE_START = "<|object_ref_start|>";

    private final BoxForm form;
    private final SeenPicture picture;
    private final List<Box> boxes = new ArrayList<>();

    private BoxReader(BoxForm form, SeenPicture picture) {
        this.form = form;
        this.picture = picture;
    }

    /**
     * How a model says where things are.
     *
     * @param field what asks for boxes, for the refusal
     * @throws InvalidRequestException if that is not known
     */
    public static BoxForm form(ModelInfo model, String field) {
        if (model.boxes() == null) {
            throw new InvalidRequestException(
                    field,
                    "cannot be told of model " + model.name()
                            + " of a server elsewhere: only where its name holds Qwen2-VL or Qwen3-VL is it known what its"
                            + " numbers count, since other servers do not tell at which size they show a picture");
        }
        return model.boxes();
    }

    /** @throws InvalidRequestException unless a conversation shows one picture, which its boxes are of */
    public static void requireOnePicture(ChatRequest request) {
        long pictures = request.messages().stream()
                .flatMap(message -> message.parts().stream())
                .filter(ImagePart.class::isInstance)
                .count();
        if (pictures != 1) {
            throw new InvalidRequestException(
                    "boxes", "need one picture in the messages, which they are of, but there are " + pictures);
        }
    }

    /**
     * The boxes in an answer, in pixels of the picture as it came.
     *
     * @param text the answer, or what there is of it
     * @param form how the model that gave it writes numbers; whether they stand in JSON, the text shows
     * @param picture the picture that it speaks of
     * @throws UpstreamException if the numbers are pixels of a picture whose size a server elsewhere alone knows
     */
    public static List<Box> read(String text, BoxForm form, SeenPicture picture) {
        if (form == BoxForm.JSON_PIXELS && picture.shownWidth() == 0) {
            // One that was handed on since the engine at hand was busy.
            throw new UpstreamException(
                    "Boxes of an answer that a server elsewhere gave cannot be told, since it counts pixels of a picture whose"
                            + " size it does not tell: ask again later",
                    null);
        }
        BoxReader reader = new BoxReader(form, picture);
        reader.readJson(text);
        if (reader.boxes.isEmpty()) {
            reader.readReferences(text);
        }
        return List.copyOf(reader.boxes);
    }

    private void readJson(String text) {
        int at = bracket(text, 0);
        for (int tries = 0; at >= 0 && tries < MAX_TRIES; tries++) {
            int known = boxes.size();
            int end = at + readValues(text.substring(at));
            // What holds no box may be words in brackets, with JSON behind or within.
            at = bracket(text, boxes.size() > known ? end : at + 1);
        }
    }

    private static int bracket(String text, int from) {
        int list = text.indexOf('[', from);
        int object = text.indexOf('{', from);
        return list < 0 || object < 0 ? Math.max(list, object) : Math.min(list, object);
    }

    /** Reads JSON as far as it is any, and returns how many characters that are. */
    private int readValues(String text) {
        Deque<Thing> open = new ArrayDeque<>();
        try (JsonParser json = Json.parser(text)) {
            try {
                for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                    switch (token) {
                        case START_OBJECT -> open.push(new Thing());
                        case END_OBJECT -> add(open.pop());
                        case FIELD_NAME -> readCorners(json, open.element());
                        case VALUE_STRING -> readLabel(json, open.peek());
                        default -> {}
                    }
                }
            } catch (IOException e) {
                LOG.trace("An answer is JSON no further", e);
            }
            return (int) Math.max(1, json.currentLocation().getCharOffset());
        } catch (IOException e) {
            throw new UncheckedIOException("a text cannot be read", e);
        }
    }

    private static void readCorners(JsonParser json, Thing thing) throws IOException {
        if (CORNER_FIELDS.contains(json.currentName())) {
            json.nextToken();
            thing.take(json.readValueAsTree());
        }
    }

    private static void readLabel(JsonParser json, Thing thing) throws IOException {
        String name = json.currentName();
        if (name != null && LABEL_FIELDS.contains(name) && thing.label.isEmpty()) {
            thing.label = json.getText();
        }
    }

    private void readReferences(String text) {
        String label = "";
        int end = 0;
        for (Matcher points = POINTS.matcher(text); points.find(); ) {
            String before = label(text.substring(end, points.start()));
            label = before.isEmpty() ? label : before;
            end = points.end();
            double[] numbers = COORDINATE
                    .matcher(points.group())
                    .results()
                    .mapToDouble(number -> Double.parseDouble(number.group()))
                    .toArray();
            if (numbers.length == CORNERS || numbers.length == 2 * CORNERS) {
                add(label, numbers);
            }
        }
    }

    /** The name of what follows, without the words before it where special tokens tell them apart. */
    private static String label(String before) {
        int start = before.lastIndexOf(REFERENCE_START);
        String name = start < 0 ? before : before.substring(start);
        return SPECIAL.matcher(name).replaceAll("").strip();
    }

    private void add(Thing thing) {
        thing.corners.forEach(corners -> add(thing.label, corners));
    }

    private void add(String label, double[] numbers) {
        double[] xs = new double[numbers.length / 2];
        double[] ys = new double[numbers.length / 2];
        for (int i = 0; i < xs.length; i++) {
            xs[i] = numbers[2 * i];
            ys[i] = numbers[2 * i + 1];
        }
        int[] x = extent(xs, picture.width(), form == BoxForm.JSON_PIXELS ? picture.shownWidth() : THOUSANDTHS);
        int[] y = extent(ys, picture.height(), form == BoxForm.JSON_PIXELS ? picture.shownHeight() : THOUSANDTHS);
        boxes.add(new Box(label, x[0], y[0], x[1], y[1]));
    }

    /** The least and the largest of some numbers, brought from a scale to pixels and into the picture. */
    private static int[] extent(double[] numbers, int pixels, double scale) {
        int least = pixels;
        int most = 0;
        for (double number : numbers) {
            int pixel = (int) Math.round(Math.max(0, Math.min(pixels, number * pixels / scale)));
            least = Math.min(least, pixel);
            most = Math.max(most, pixel);
        }
        return new int[] {least, most};
    }

    /** An object of JSON: what it is, and where. */
    private static final class Thing {
        private String label = "";
        private final List<double[]> corners = new ArrayList<>();

        void take(JsonNode value) {
            if (value.size() == CORNERS && areNumbers(value)) {
                corners.add(numbers(value));
            } else {
                value.forEach(row -> {
                    if (row.size() == CORNERS && areNumbers(row)) {
                        corners.add(numbers(row));
                    }
                });
            }
        }

        private static boolean areNumbers(JsonNode row) {
            for (JsonNode number : row) {
                if (!number.isNumber() || !Double.isFinite(number.doubleValue())) {
                    return false;
                }
            }
            return true;
        }

        private static double[] numbers(JsonNode row) {
            double[] numbers = new double[row.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = row.get(i).doubleValue();
            }
            return numbers;
        }
    }
}
