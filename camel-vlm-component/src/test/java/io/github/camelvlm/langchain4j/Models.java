package io.github.camelvlm.langchain4j;

import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import io.github.camelvlm.VlmConfiguration;
import io.github.camelvlm.VlmModel;
import io.github.camelvlm.goldens.GoldenCase;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.Consumer;

/** Models and questions for the tests of the chat models. */
final class Models {
    /** One thread: the models are so small that several would only wait for each other. */
    static final Consumer<VlmConfiguration> OPTIONS = options -> {
        options.setDevice("cpu");
        options.setDtype("float32");
        options.setThreads(1);
        options.setTemperature(0.0);
    };

    private Models() {}

    static VlmModel load(Path directory) {
        return VlmModel.load(directory.toString(), OPTIONS);
    }

    static ImageContent picture(String name) {
        return ImageContent.from(
                Base64.getEncoder().encodeToString(GoldenCase.picture(name).bytes()), "image/png");
    }

    static UserMessage turn(String picture, String question) {
        return UserMessage.from(picture(picture), TextContent.from(question));
    }
}
