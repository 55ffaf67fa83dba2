package io.github.camelvlm.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.document.DocumentOptions;
import io.github.camelvlm.document.DocumentPage;
import io.github.camelvlm.document.Documents;
import io.github.camelvlm.document.PageSelection;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PageSupplyTest {
    private static final int SIDE = 200;

    /** @param noise the number of a page that cannot be compressed, from 1; 0 for none */
    private static byte[] pdf(int pages, int noise) throws IOException {
        Random random = new Random(1);
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < SIDE * SIDE; i++) {
            image.setRGB(i % SIDE, i / SIDE, random.nextInt());
        }
        try (PDDocument document = new PDDocument()) {
            for (int i = 1; i <= pages; i++) {
                PDPage page = new PDPage(new PDRectangle(SIDE, SIDE));
                document.addPage(page);
                if (i == noise) {
                    try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                        content.drawImage(LosslessFactory.createFromImage(document, image), 0, 0, SIDE, SIDE);
                    }
                }
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        }
    }

    private static PageSupply supply(byte[] pdf, PageMemory memory) {
        DocumentOptions options = new DocumentOptions(PageSelection.ALL, null, SIDE * SIDE, 50, null);
        return new PageSupply(Documents.open("letter.pdf", pdf, options, new CompletableFuture<>()), memory.share());
    }

    private static List<DocumentPage> all(PageSupply supply) {
        List<DocumentPage> pages = new ArrayList<>();
        while (supply.hasNext()) {
            DocumentPage page = supply.next();
            pages.add(page);
            supply.giveBack(page);
        }
        return pages;
    }

    @Test
    void namesAPageForWhichThereIsNoMemoryAndGoesOnWithTheNext() throws Exception {
        PageMemory memory = new PageMemory(60 << 10);
        try (PageSupply supply = supply(pdf(3, 2), memory)) {
            List<DocumentPage> pages = all(supply);

            assertThat(pages).extracting(DocumentPage::number).containsExactly(1, 2, 3);
            assertThat(pages).extracting(page -> page.picture() != null).containsExactly(true, false, true);
            assertThat(pages.get(1).failure())
                    .startsWith("page 2 of document letter.pdf takes ")
                    .endsWith(
                            " kB, but the pages of all documents may take no more than 60 kB: raise -Xmx, or lower dpi"
                                    + " or maxPixels");
        }
        assertThat(memory.held()).isZero();
    }

    @Test
    void makesPagesAFewAtATime() throws Exception {
        PageMemory memory = new PageMemory(1 << 20);
        try (PageSupply supply = supply(pdf(11, 0), memory)) {
            DocumentPage first = supply.next();
            long one = first.picture().bytes().length;

            assertThat(memory.held()).isEqualTo(8 * one);
            supply.giveBack(first);
            assertThat(memory.held()).isEqualTo(7 * one);
            assertThat(all(supply)).extracting(DocumentPage::number).containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
            assertThat(memory.held()).isZero();
        }
    }

    @Test
    void hasAPageAgainForWhichThereWasNoMemoryWhileOthersHadIt() throws Exception {
        PageMemory memory = new PageMemory(4 << 10);
        try (PageMemory.Share others = memory.share();
                PageSupply supply = supply(pdf(2, 0), memory)) {
            others.take(4 << 10);
            assertThatThrownBy(supply::next).isInstanceOf(QueueFullException.class);
            others.giveBack(4 << 10);

            assertThat(all(supply)).extracting(DocumentPage::number).containsExactly(1, 2);
        }
    }
}
