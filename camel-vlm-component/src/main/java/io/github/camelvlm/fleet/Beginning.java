package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.TextPart;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Tells requests whose prompts begin alike by a number: those about one picture, and those of one conversation. */
final class Beginning {
    private Beginning() {}

    /** The number of a request: by its adapter and its first picture, or without a picture by its first question. */
    static long of(ChatRequest request) {
        CRC32C sum = new CRC32C();
        add(sum, String.valueOf(request.adapter()));
        Optional<ImagePart> picture = request.messages().stream()
                .flatMap(message -> message.parts().stream())
                .filter(ImagePart.class::isInstance)
                .map(ImagePart.class::cast)
                .findFirst();
        if (picture.isPresent()) {
            sum.update(picture.get().image().bytes());
            return sum.getValue();
        }
        for (Message message : request.messages()) {
            message.parts().stream()
                    .filter(TextPart.class::isInstance)
                    .forEach(part -> add(sum, ((TextPart) part).text()));
            if (message.role() == Role.USER) {
                break;
            }
        }
        return sum.getValue();
    }

    private static void add(CRC32C sum, String text) {
        sum.update(text.getBytes(StandardCharsets.UTF_8));
    }
}
