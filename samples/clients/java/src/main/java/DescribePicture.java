import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Describes a picture with LangChain4j: DescribePicture PICTURE. */
public class DescribePicture {
    public static void main(String[] arguments) throws Exception {
        OpenAiChatModel model = OpenAiChatModel.builder()
                .baseUrl("http://localhost:8000/v1")
                .apiKey("none")
                .modelName("shapes-vl")
                .build();
        byte[] picture = Files.readAllBytes(Path.of(arguments[0]));
        UserMessage question = UserMessage.from(
                ImageContent.from(Base64.getEncoder().encodeToString(picture), "image/png"),
                TextContent.from("Describe this image."));
        System.out.println(model.chat(question).aiMessage().text());
    }
}
