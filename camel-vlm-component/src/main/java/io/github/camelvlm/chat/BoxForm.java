package io.github.camelvlm.chat;

import java.util.List;
import java.util.stream.Collectors;

/** How a model was trained to say where things are in a picture. */
public enum BoxForm {
    /** The name of one thing, and corners in thousandths of the picture's width and height. */
    REFERENCE {
        @Override
        public List<String> questions(List<String> labels) {
            return labels.stream().map(label -> "Detect the " + label + ".").toList();
        }
    },
    /** JSON with {@code bbox_2d} in pixels of the picture as the model sees it. */
    JSON_PIXELS {
        @Override
        public List<String> questions(List<String> labels) {
            return List.of("Locate every object that belongs to the following categories: " + quoted(labels)
                    + ". Output the bbox coordinates in JSON format.");
        }
    },
    /** JSON with {@code bbox_2d} in thousandths of the picture's width and height. */
    JSON_THOUSANDTHS {
        @Override
        public List<String> questions(List<String> labels) {
            return List.of("Locate every instance that belongs to the following categories: " + quoted(labels)
                    + ". Report bbox coordinates in JSON format.");
        }
    };

    /**
     * What to ask, in the words that it was trained with.
     *
     * @param labels the things that are looked for, at least one
     * @return the questions, each to be asked by itself
     */
    public abstract List<String> questions(List<String> labels);

    /** Whether it writes JSON, of several things at once. */
    public boolean isJson() {
        return this != REFERENCE;
    }

    private static String quoted(List<String> labels) {
        return labels.stream().collect(Collectors.joining(", ", "\"", "\""));
    }
}
