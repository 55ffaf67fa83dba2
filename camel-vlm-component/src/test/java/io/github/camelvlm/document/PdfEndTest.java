package io.github.camelvlm.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.media.ImageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.apache.pdfbox.pdfwriter.compress.CompressParameters;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PdfEndTest {
    private static byte[] pdf(CompressParameters form) throws IOException {
        try (PDDocument document = new PDDocument()) {
            for (int page = 0; page < 20; page++) {
                document.addPage(new PDPage());
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.save(bytes, form);
            return bytes.toByteArray();
        }
    }

    private static byte[] beforeTheTable(byte[] pdf) {
        String text = new String(pdf, StandardCharsets.ISO_8859_1);
        return Arrays.copyOf(pdf, text.lastIndexOf("endobj", text.lastIndexOf("startxref") - 20) + 6);
    }

    @Test
    void isThereInWholeFilesWhateverTheirTableIs() throws IOException {
        assertThat(PdfEnd.isMissing(pdf(CompressParameters.NO_COMPRESSION))).isFalse();
        assertThat(PdfEnd.isMissing(pdf(CompressParameters.DEFAULT_COMPRESSION)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n\n", "garbage of a mail program", "%%EO"})
    void isThereWithoutItsLastBytesAndBeforeOthers(String end) throws IOException {
        byte[] pdf = pdf(CompressParameters.NO_COMPRESSION);
        byte[] longer = Arrays.copyOf(pdf, pdf.length - 6 + end.length());
        System.arraycopy(end.getBytes(StandardCharsets.US_ASCII), 0, longer, pdf.length - 6, end.length());

        assertThat(PdfEnd.isMissing(longer)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {25, 50, 75})
    void isMissingWhereObjectsWereCutOff(int percent) throws IOException {
        byte[] whole = beforeTheTable(pdf(CompressParameters.NO_COMPRESSION));

        assertThat(PdfEnd.isMissing(Arrays.copyOf(whole, whole.length * percent / 100)))
                .isTrue();
    }

    @Test
    void saysSoOfADocumentInsteadOfTakingItsFirstPagesForAll() throws IOException {
        byte[] cut = beforeTheTable(pdf(CompressParameters.NO_COMPRESSION));
        DocumentOptions options = new DocumentOptions(PageSelection.of("pages", "all"), null, 100_000, 50, null);

        assertThatThrownBy(() -> PdfPages.open("a.pdf", cut, options, new CompletableFuture<>()))
                .isInstanceOf(ImageException.class)
                .hasMessage(String.format(
                        Locale.ROOT, "document a.pdf is cut off after %,d bytes: copy the whole file", cut.length));
    }
}
