package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.chat.InvalidRequestException;
import org.apache.camel.Message;
import org.apache.camel.TypeConversionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads headers that say for one message what an option says for all. */
final class Headers {
    private static final Logger LOG = LoggerFactory.getLogger(Headers.class);

    private Headers() {}

    /**
     * A header's value, or what counts where the message has none.
     *
     * @param message null for none
     * @throws InvalidRequestException if it is of another type and cannot be converted
     */
    static <T> T get(Message message, String name, Class<T> type, T otherwise) {
        Object header = message == null ? null : message.getHeader(name);
        if (header == null) {
            return otherwise;
        }
        try {
            T value = message.getHeader(name, type);
            if (value != null) {
                return value;
            }
        } catch (TypeConversionException e) {
            LOG.debug("Header {} is of another type", name, e);
        }
        throw new InvalidRequestException(
                name, "must be of type " + type.getSimpleName() + ", but is " + Echo.of(header.toString()));
    }
}
