package io.github.camelvlm.exchange;

import io.github.camelvlm.media.PictureType;
import jakarta.activation.DataHandler;
import jakarta.activation.DataSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.AttachmentMessage;

/** The pictures among a message's attachments. Used only where camel-attachments is, which is optional. */
final class AttachedPictures {
    private static final boolean IS_THERE = isThere();

    private AttachedPictures() {}

    private static boolean isThere() {
        try {
            Class.forName("org.apache.camel.attachment.AttachmentMessage");
            Class.forName("jakarta.activation.DataHandler");
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** The attachments that are pictures by what is said of them or by their first bytes, in order; those of other kinds are left. */
    static List<Object> of(Exchange exchange) throws IOException {
        return IS_THERE ? Attachments.pictures(exchange) : List.of();
    }

    /** What an attachment or a data source holds; null if a body is neither. */
    static Content content(Object body) {
        return IS_THERE ? Attachments.content(body) : null;
    }

    /** The bytes of something that has a name, or null for none. */
    interface Content {
        String name();

        InputStream open() throws IOException;
    }

    /** Apart, so that its classes are looked for only where they are. */
    private static final class Attachments {

        static List<Object> pictures(Exchange exchange) throws IOException {
            List<Object> pictures = new ArrayList<>();
            for (Map.Entry<String, DataHandler> attached : all(exchange).entrySet()) {
                Named content = new Named(attached.getKey(), attached.getValue().getDataSource());
                if (content.isPicture()) {
                    pictures.add(content);
                }
            }
            return pictures;
        }

        private static Map<String, DataHandler> all(Exchange exchange) {
            AttachmentMessage message = exchange.getMessage(AttachmentMessage.class);
            return message == null || !message.hasAttachments()
                    ? Map.of()
                    : new LinkedHashMap<>(message.getAttachments());
        }

        static Content content(Object body) {
            if (body instanceof Content content) {
                return content;
            } else if (body instanceof DataHandler handler) {
                return new Named(handler.getName(), handler.getDataSource());
            } else if (body instanceof DataSource source) {
                return new Named(source.getName(), source);
            }
            return null;
        }
    }

    private record Named(String name, DataSource source) implements Content {

        @Override
        public InputStream open() throws IOException {
            return source.getInputStream();
        }

        boolean isPicture() throws IOException {
            String said = source.getContentType() == null ? "" : source.getContentType();
            if (!PictureType.mayBeSaid(said)) {
                return false;
            }
            if (said.strip().toLowerCase(Locale.ROOT).startsWith("image")) {
                return true;
            }
            try (InputStream in = open()) {
                return PictureType.of(in.readNBytes(PictureType.LONGEST_SIGNATURE))
                        .isPresent();
            }
        }
    }
}
