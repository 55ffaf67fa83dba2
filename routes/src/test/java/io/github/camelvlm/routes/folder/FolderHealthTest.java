package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.Await;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderHealthTest {
    @TempDir
    private Path root;

    @Test
    void isLostByAFolderWhosePicturesDoNotMoveForLong() throws Exception {
        PictureOrder order = new PictureOrder();
        FolderHealth health = new FolderHealth();
        health.setBatchOrder(new PictureOrder());
        health.setInbox(root.toString());
        health.setOrder(order);
        health.setStalledAfter("100ms");
        assertThat(health.trouble()).isNull();

        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        order.take(exchange);
        assertThat(health.trouble()).isNull();
        Await.until("the picture has waited for too long", () -> health.trouble() != null);
        assertThat(health.trouble()).startsWith("pictures wait in the inbox, and none has ended for ");

        order.leave(exchange);
        assertThat(health.trouble()).isNull();
        order.noteStuck();
        Await.until("a picture that cannot be taken has waited for too long", () -> health.trouble() != null);
    }

    @Test
    void isLostByABatchWhoseLinesAreNotAnsweredForLong() throws Exception {
        PictureOrder batchOrder = new PictureOrder();
        FolderHealth health = new FolderHealth();
        health.setInbox(root.toString());
        health.setOrder(new PictureOrder());
        health.setBatchOrder(batchOrder);
        health.setStalledAfter("1s");

        batchOrder.take(new DefaultExchange(new DefaultCamelContext()));
        assertThat(health.trouble()).isNull();
        Await.until("no line was answered for too long", () -> health.trouble() != null);
        assertThat(health.trouble())
                .startsWith("a file of requests waits in the inbox, and no line of it was answered");

        batchOrder.noteProgress();
        assertThat(health.trouble()).isNull();
    }
}
