package io.github.camelvlm.remote;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.TokensPart;
import io.github.camelvlm.chat.VideoPart;

/** What a request holds while it is in hand, about. */
final class RequestSize {
    /** A text is held as it came, as JSON, and as what is sent. */
    private static final int BYTES_PER_CHARACTER = 4;

    private RequestSize() {}

    /**
     * The bytes of its pictures, and of its texts for each answer.
     *
     * @param answers how many are asked for
     */
    static long of(ChatRequest request, int answers) {
        return request.messages().stream()
                .flatMap(message -> message.parts().stream())
                .mapToLong(part -> bytes(part, answers))
                .sum();
    }

    private static long bytes(Part part, int answers) {
        if (part instanceof ImagePart picture) {
            return picture.image().bytes().length;
        }
        if (part instanceof TokensPart tokens) {
            return (long) Integer.BYTES * tokens.ids().size();
        }
        return part instanceof VideoPart video
                ? video.video().size()
                : (long) BYTES_PER_CHARACTER
                        * answers
                        * ((TextPart) part).text().length();
    }
}
