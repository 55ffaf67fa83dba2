package io.github.camelvlm.fetch;

import io.github.camelvlm.media.PictureType;
import java.util.Locale;

/** What is fetched, for what a server or a data URL may say that it is. */
public enum MediaKind {
    /** A picture, or a document or video that is sent in the place of one. */
    PICTURE("picture", "image/*", "an image") {
        @Override
        boolean mayBe(String said, byte[] beginning) {
            return PictureType.mayBeSaid(said)
                    // Routes describe a video as they describe a picture; elsewhere its content tells that it is one.
                    || said.strip().toLowerCase(Locale.ROOT).matches("(application/pdf|video/).*")
                    || PictureType.of(beginning).isPresent();
        }
    },
    /** The file of a video, or an animated picture: whether it is one shows when it is opened. */
    VIDEO("video", "video/*", "a video") {
        @Override
        boolean mayBe(String said, byte[] beginning) {
            String type = said.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            return type.isEmpty()
                    || type.equals("video")
                    || type.startsWith("video/")
                    || type.startsWith("image/")
                    || type.startsWith("application/")
                    || type.equals("binary/octet-stream");
        }
    };

    private static final String PICTURE_WORD = "picture ";

    private final String noun;
    private final String accepted;
    private final String label;

    MediaKind(String noun, String accepted, String label) {
        this.noun = noun;
        this.accepted = accepted;
        this.label = label;
    }

    /** What errors call it. */
    String noun() {
        return noun;
    }

    /** The media types that servers are asked for. */
    String accepted() {
        return accepted;
    }

    /** A message about a picture, as it is said of this kind. */
    String worded(String message) {
        return message.startsWith(PICTURE_WORD) ? noun + " " + message.substring(PICTURE_WORD.length()) : message;
    }

    /** The same with its article. */
    String label() {
        return label;
    }

    /**
     * Whether a content may be of this kind.
     *
     * @param said its media type, perhaps with parameters; empty for none
     * @param beginning its first bytes
     */
    abstract boolean mayBe(String said, byte[] beginning);
}
