import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/** Writes an alt attribute into each img element that has none. All else in a page stays as it is, byte for byte. */
public class AltTexts {
    private static final Pattern IMG = Pattern.compile("(?is)<img\\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>");
    private static final Pattern ALT = Pattern.compile("(?is)\\salt\\s*(?:=|\\s|/?>)");
    private static final Pattern SRC = Pattern.compile("(?is)\\ssrc\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s>]+))");

    public String fill(String html, Exchange exchange) {
        Path page = Path.of(exchange.getMessage().getHeader(Exchange.FILE_PATH, String.class));
        try (ProducerTemplate template = exchange.getContext().createProducerTemplate()) {
            return IMG.matcher(html).replaceAll(img -> Matcher.quoteReplacement(filled(img.group(), page, template)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String filled(String img, Path page, ProducerTemplate template) {
        Matcher src = SRC.matcher(img);
        if (ALT.matcher(img).find() || !src.find()) {
            return img;
        }
        String name = src.group(1) != null ? src.group(1) : src.group(2) != null ? src.group(2) : src.group(3);
        File picture = page.resolveSibling(name).toFile();
        if (!picture.isFile()) {
            return img;
        }
        String text = template.requestBodyAndHeader("direct:alt-text", picture, "picture", name, String.class);
        String escaped = text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
        return img.substring(0, 4) + " alt=\"" + escaped + "\"" + img.substring(4);
    }
}
