package io.github.camelvlm.openai;

import io.github.camelvlm.chat.Box;
import io.github.camelvlm.chat.BoxForm;
import io.github.camelvlm.chat.Completion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A box as it is written in JSON.
 *
 * @param label what is there, in the model's words
 * @param box its left, upper, right and lower edge, in pixels of the picture as it came
 */
public record FoundBox(String label, List<Integer> box) {
    /** Those of an answer about one picture; null if they are not wanted. */
    static List<FoundBox> of(Completion answer, BoxForm form) {
        return form == null
                ? null
                : BoxReader.read(answer.text(), form, answer.pictures().get(0)).stream()
                        .map(FoundBox::of)
                        .toList();
    }

    private static FoundBox of(Box found) {
        return new FoundBox(found.label(), List.of(found.x1(), found.y1(), found.x2(), found.y2()));
    }

    /** The same as maps, which every route can read and write. */
    public static List<Map<String, Object>> maps(List<Box> boxes) {
        return boxes.stream().map(FoundBox::of).map(FoundBox::map).toList();
    }

    private Map<String, Object> map() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("label", label);
        map.put("box", box);
        return map;
    }
}
