package io.github.camelvlm.openai;

import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.VideoPart;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The marker {@code <image>}, by which the texts of a message say where its pictures go, as users of LLaMA-Factory write
 * it. It counts where there are exactly as many markers as pictures; otherwise it is text like other text.
 */
final class ImageMarkers {
    private static final String MARKER = "<image>";

    private ImageMarkers() {}

    /** The parts of a message, with its pictures in the places of the markers if these are as many. */
    static List<Part> place(List<Part> parts) {
        List<Part> pictures = parts.stream().filter(ImagePart.class::isInstance).toList();
        long markers = parts.stream()
                .filter(TextPart.class::isInstance)
                .mapToLong(part -> split((TextPart) part).size() - 1L)
                .sum();
        if (pictures.isEmpty() || markers != pictures.size()) {
            return parts;
        }
        List<Part> placed = new ArrayList<>(
                parts.stream().filter(VideoPart.class::isInstance).toList());
        Iterator<Part> next = pictures.iterator();
        for (Part part : parts) {
            if (part instanceof TextPart text) {
                place(split(text), next, placed);
            }
        }
        return placed;
    }

    private static void place(List<String> pieces, Iterator<Part> pictures, List<Part> placed) {
        for (int i = 0; i < pieces.size(); i++) {
            if (i > 0) {
                placed.add(pictures.next());
            }
            if (!pieces.get(i).isEmpty()) {
                placed.add(new TextPart(pieces.get(i)));
            }
        }
    }

    /** What stands before, between and after the markers of a text: one piece more than it has markers. */
    private static List<String> split(TextPart text) {
        return List.of(text.text().split(MARKER, -1));
    }
}
