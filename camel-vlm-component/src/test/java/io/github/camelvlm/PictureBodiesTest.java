package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.goldens.GoldenCase;
import io.vertx.core.buffer.Buffer;
import jakarta.activation.DataHandler;
import jakarta.activation.DataSource;
import jakarta.activation.FileDataSource;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.StreamCache;
import org.apache.camel.attachment.Attachment;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.mail.MailEndpoint;
import org.apache.camel.converter.stream.CachedOutputStream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultUnitOfWork;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a body may be, beside the plain ones of {@link DescribeTest}. */
class PictureBodiesTest extends VlmTestSupport {
    private static final Path IMAGES = Path.of("src/test/resources/goldens/images");

    private static byte[] bytes() {
        return GoldenCase.picture(ONE_SHAPE).bytes();
    }

    private static DataHandler picture(String type) {
        return new DataHandler(new ByteArrayDataSource(bytes(), type));
    }

    private String describeAttached(Object body, DataHandler... attachments) throws Exception {
        return caption(exchange -> {
            AttachmentMessage message = exchange.getMessage(AttachmentMessage.class);
            message.setBody(body);
            for (int i = 0; i < attachments.length; i++) {
                message.addAttachment("file" + i, attachments[i]);
            }
        });
    }

    private String caption(Processor message) throws Exception {
        return send("vlm:describe?" + MODEL, message).getMessage().getBody(String.class);
    }

    @Test
    void describesTheContentOfADataHandlerAndOfADataSource() throws Exception {
        DataSource file = new FileDataSource(IMAGES.resolve(ONE_SHAPE).toFile());

        assertThat(describe(new DataHandler(file))).isEqualTo(ONE_SHAPE_CAPTION);
        assertThat(describe(file)).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void describesWhatIsAttachedToATextOrToNothing() throws Exception {
        for (Object body : Arrays.asList(null, "", "Dear all, what is this?", Map.of("field", "value"), 42)) {
            assertThat(describeAttached(body, picture("image/png"))).isEqualTo(ONE_SHAPE_CAPTION);
        }
    }

    @Test
    void leavesAttachmentsThatAreNoPictures() throws Exception {
        DataHandler invoice = new DataHandler(new ByteArrayDataSource(new byte[1000], "application/pdf"));
        DataHandler unsaid = new DataHandler(new ByteArrayDataSource(new byte[1000], "application/octet-stream"));

        assertThat(describeAttached("See there.", invoice, unsaid, picture("application/octet-stream")))
                .isEqualTo(ONE_SHAPE_CAPTION);
        assertThatThrownBy(() -> describeAttached("See there.", invoice, unsaid))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("no picture is attached");
    }

    @Test
    void takesTheBodyBeforeAttachmentsWhereItIsAPicture() throws Exception {
        DataHandler other = new DataHandler(new FileDataSource(
                Files.writeString(folder.resolve("none.png"), "none").toFile()));

        assertThat(describeAttached(bytes(), other)).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @TempDir
    private Path folder;

    @Test
    void readsNoMoreOfAnAttachmentThanALimit() {
        assertThatThrownBy(() -> send(
                        "vlm:describe?maxImageBytes=10&" + MODEL,
                        exchange -> exchange.getMessage().setBody(picture("image/png"))))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessageContaining("larger than 10 bytes");
    }

    @Test
    void describesThePicturesOfAMail() throws Exception {
        MimeBodyPart text = new MimeBodyPart();
        text.setText("What is this?");
        MimeBodyPart picture = new MimeBodyPart();
        picture.attachFile(IMAGES.resolve(ONE_SHAPE).toFile());
        MimeMessage mail = new MimeMessage(Session.getInstance(new Properties()));
        mail.setContent(new MimeMultipart(text, picture));
        mail.saveChanges();
        MailEndpoint inbox = context().getEndpoint("imap://localhost?username=u&password=p", MailEndpoint.class);

        Exchange received = inbox.createExchange(mail);
        // As the consumer does of each mail that it fetches.
        Map<String, Attachment> attached = new LinkedHashMap<>();
        inbox.getBinding().extractAttachmentsFromMail(mail, attached);
        received.getIn(AttachmentMessage.class).setAttachmentObjects(attached);
        Exchange answered = template().send("vlm:describe?" + MODEL, received);

        assertThat(answered.getException()).isNull();
        assertThat(answered.getMessage().getBody(String.class)).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void describesWhatStreamCachingHasSpooledToAFileAndLeavesItReadable() throws Exception {
        CamelContext spooling = new DefaultCamelContext();
        try {
            spooling.getStreamCachingStrategy().setSpoolEnabled(true);
            spooling.getStreamCachingStrategy().setSpoolThreshold(100);
            spooling.start();
            Exchange spooled = new DefaultExchange(spooling);
            spooled.getExchangeExtension().setUnitOfWork(new DefaultUnitOfWork(spooled));
            StreamCache cache;
            try (CachedOutputStream out = new CachedOutputStream(spooled, true)) {
                out.write(bytes());
                cache = out.newStreamCache();
            }
            assertThat(cache.inMemory()).isFalse();

            assertThat(describe(cache)).isEqualTo(ONE_SHAPE_CAPTION);
            assertThat(((InputStream) cache).readAllBytes()).isEqualTo(bytes());
        } finally {
            spooling.stop();
        }
    }

    @Test
    void describesSeveralOfAnyKindTogether() throws Exception {
        GenericFile<File> file = new GenericFile<>();
        file.setFile(IMAGES.resolve(ONE_SHAPE).toFile());
        String two = describe(List.of(bytes(), bytes()));

        assertThat(describe(new Object[] {bytes(), file})).isEqualTo(two);
        assertThat(describe(new File[] {file.getFile(), file.getFile()})).isEqualTo(two);
        assertThat(describe(List.of(file, picture("image/png")).iterator())).isEqualTo(two);
        assertThat(describe(
                        (Iterable<Object>) () -> List.<Object>of(file, bytes()).iterator()))
                .isEqualTo(two);
        assertThat(describe(new LinkedHashSet<>(List.of(file, IMAGES.resolve(ONE_SHAPE)))))
                .isEqualTo(two);
        assertThat(describe(Set.of(file))).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void refusesMoreThanMayBeShownBeforeAnyIsRead() {
        AtomicInteger taken = new AtomicInteger();
        Iterator<Object> endless = Stream.<Object>generate(() -> {
                    taken.incrementAndGet();
                    return new File("missing.png");
                })
                .iterator();

        assertThatThrownBy(() -> send(
                        "vlm:describe?maxImages=2&" + MODEL,
                        exchange -> exchange.getMessage().setBody(endless)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("at most 2 are taken at once");
        assertThat(taken.get()).isEqualTo(3);
        assertThatThrownBy(() -> send(
                        "vlm:describe?maxImages=2&" + MODEL,
                        exchange -> exchange.getMessage().setBody(Collections.nCopies(3, new File("missing.png")))))
                .hasMessageContaining("hold 3 pictures, but at most 2 are taken at once");
    }

    @Test
    void describesABufferOfVertx() throws Exception {
        assertThat(describe(Buffer.buffer(bytes()))).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void describesBase64() throws Exception {
        assertThat(describe(Base64.getEncoder().encodeToString(bytes()))).isEqualTo(ONE_SHAPE_CAPTION);
        assertThat(describe(Base64.getMimeEncoder().encodeToString(bytes()) + "\n"))
                .isEqualTo(ONE_SHAPE_CAPTION);
        assertThat(describe(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes())))
                .isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void tellsWhatIsTakenInThePlaceOfSomethingElse() {
        assertThatThrownBy(() -> describe(42))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "body must be a picture (File, Path, WrappedFile, byte[], ByteBuffer, InputStream, StreamCache,"
                                + " BufferedImage, DataHandler, a data URL or base64), a list of pictures, or a message to which"
                                + " pictures are attached, but is java.lang.Integer");
    }
}
