package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.chat.TextPart;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageContentReaderTest {
    private static final String ADDRESS = "https://example.org/cat.png";

    private static List<Part> parts(String... parts) {
        ChatCompletionRequest request = ChatCompletionReader.read("{'messages':[{'role':'user','content':[%s]}]}"
                .formatted(String.join(",", parts))
                .replace('\'', '"'));
        return ChatRequestMapper.toChatRequest(
                        request, url -> new EncodedImage("cat", url.getBytes(StandardCharsets.UTF_8)))
                .messages()
                .get(0)
                .parts();
    }

    private static ImagePart picture(String part) {
        return (ImagePart) parts(part).get(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'image_url','image_url':{'url':'https://example.org/cat.png'}}",
                "{'type':'image_url','image_url':'https://example.org/cat.png'}",
                "{'type':'image','image':'https://example.org/cat.png'}",
                "{'type':'image','image':{'url':'https://example.org/cat.png'}}",
                "{'type':'image','url':'https://example.org/cat.png'}",
                "{'type':'image','image_url':{'url':'https://example.org/cat.png'}}",
                "{'type':'input_image','image_url':'https://example.org/cat.png','detail':'auto'}",
                "{'type':'input_image','image_url':'https://example.org/cat.png','file_id':null}",
                "{'type':'file','file':{'file_data':'https://example.org/cat.png','filename':'cat.png'}}",
                "{'type':'input_file','file_data':'https://example.org/cat.png','filename':'cat.png'}",
            })
    void takesAPictureInAllFormsThatClientsWrite(String part) {
        ImagePart picture = picture(part);

        assertThat(new String(picture.image().bytes(), StandardCharsets.UTF_8)).isEqualTo(ADDRESS);
        assertThat(picture.limits()).isEqualTo(PixelLimits.NONE);
    }

    @Test
    void takesAMessageOfTheResponsesApi() {
        List<Part> parts =
                parts("{'type':'input_text','text':'Hello'}", "{'type':'input_image','image_url':'" + ADDRESS + "'}");

        assertThat(parts.get(0)).isEqualTo(new TextPart("Hello"));
        assertThat(parts.get(1)).isInstanceOf(ImagePart.class);
    }

    @Test
    void countsPicturesOfAllForms() {
        assertThat(ChatCompletionReader.read(("{'messages':[{'role':'user','content':[{'type':'image','image':'a'},"
                                        + "{'type':'input_image','image_url':'b'}]}]}")
                                .replace('\'', '"'))
                        .pictures())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'image','image':'a','min_pixels':784,'max_pixels':'1568'}",
                "{'type':'input_image','image_url':'a','min_pixels':784,'max_pixels':1568}",
            })
    void heedsTheLimitsBesideIt(String part) {
        assertThat(picture(part).limits()).isEqualTo(new PixelLimits(784, 1568));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"input_image\",\"image_url\":\"a\",\"detail\":\"low\"} | 256",
                "{\"type\":\"image_url\",\"image_url\":\"a\",\"detail\":\"low\"} | 256",
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"a\",\"detail\":\"high\"},\"detail\":\"low\"} |",
                "{\"type\":\"input_image\",\"image_url\":\"a\",\"detail\":\"original\"} |",
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"a\",\"detail\":\"original\"}} |",
            })
    void heedsTheDetailInsideAndBesideIt(String part, Integer maxTokens) {
        assertThat(picture(part).limits().maxTokens()).isEqualTo(maxTokens);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'image'} | messages[0].content[0].image is missing: it must be an object with url, or a string",
                "{'type':'image','image':5} | messages[0].content[0].image must be an object with url, or a string",
                "{'type':'image','image':{}} | messages[0].content[0].image.url is missing: it must be a string",
                "{'type':'input_image','file_id':'f'} | messages[0].content[0].file_id names a file that was uploaded",
                "{'type':'file'} | messages[0].content[0].file is missing: it must be an object",
                "{'type':'file','file':{}} | messages[0].content[0].file.file_data is missing: it must be a string",
                "{'type':'file','file':{'file_id':'f'}} | messages[0].content[0].file.file_id names a file that was uploaded",
                "{'type':'input_file','file_id':'f'} | messages[0].content[0].file_id names a file that was uploaded",
                "{'type':'input_text'} | messages[0].content[0].text is missing: it must be a string",
                "{'type':'image','image':'a','resized_height':280} | messages[0].content[0].resized_height is not supported",
                "{'type':'image_url','image_url':{'url':'a','detail':'ultra'}} | messages[0].content[0].image_url.detail must be"
                        + " low, high, original or auto, but is \"ultra\"",
            })
    void namesWhatIsWrong(String part, String message) {
        assertThatThrownBy(() -> parts(part))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith(message);
    }
}
