package io.github.camelvlm.registry;

import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.SeenPicture;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.media.ImageDecoder;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.remote.RemoteEngine;
import io.github.camelvlm.remote.RemoteOptions;
import java.time.Duration;

/** Makes engines for servers elsewhere. Apart from the other engines, since what it needs is an optional dependency. */
final class RemoteEngines {
    private static final int SEQUENCES = 8;
    private static final int QUEUE = 64;

    private RemoteEngines() {}

    /** With engine=auto the settings are those of the model here, and a server is thought to take no less than usual. */
    private static int forServers(EngineConfiguration configuration, int set, int usual) {
        return configuration.getEngine().equals("auto") ? Math.max(set, usual) : set;
    }

    /**
     * What a configuration says of servers.
     *
     * @param model the name of the model here, or null
     * @throws ModelLoadException if it names no server, or not as it must
     */
    static RemoteOptions options(EngineConfiguration configuration, String model) {
        if (isBlank(configuration.getBaseUrl())) {
            throw new ModelLoadException("engine=" + configuration.getEngine()
                    + " needs servers: add baseUrl=http://HOST:PORT/v1 to the vlm: endpoint, or set"
                    + " camel.component.vlm.configuration.base-url");
        }
        try {
            return new RemoteOptions(
                    RemoteOptions.servers(configuration.getBaseUrl()),
                    isBlank(configuration.getApiKey()) ? null : configuration.getApiKey(),
                    isBlank(configuration.getRemoteModel()) ? model : configuration.getRemoteModel(),
                    Duration.ofMillis(configuration.getRetryTimeout()),
                    forServers(configuration, configuration.getMaxSequences(), SEQUENCES),
                    forServers(configuration, configuration.getQueueLength(), QUEUE));
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException(e.getMessage(), e);
        }
    }

    /** @param maxImagePixels the most pixels of a picture that is sent */
    static VlmEngine load(RemoteOptions options, long maxImagePixels) {
        ImageDecoder decoder = new ImageDecoder(maxImagePixels);
        return new RemoteEngine(options, picture -> measure(decoder, picture));
    }

    private static SeenPicture measure(ImageDecoder decoder, EncodedImage picture) {
        try {
            PictureSize size = decoder.size(picture.name(), picture.bytes());
            return new SeenPicture(picture.name(), size.width(), size.height());
        } catch (ImageException e) {
            throw new UnreadablePictureException(e.getMessage(), e);
        }
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }
}
