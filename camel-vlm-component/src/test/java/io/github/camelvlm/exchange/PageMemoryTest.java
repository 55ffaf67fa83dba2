package io.github.camelvlm.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.QueueFullException;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

class PageMemoryTest {
    private final PageMemory memory = new PageMemory(10L << 20);

    @Test
    void isGivenBackWhereADocumentIsNotAnswered() {
        try (PageMemory.Share share = memory.share()) {
            share.take(4 << 20);
            assertThat(memory.held()).isEqualTo(4 << 20);
        }
        assertThat(memory.held()).isZero();
    }

    @Test
    void isHeldUntilTheExchangeIsDone() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Exchange exchange = new DefaultExchange(context);
            try (PageMemory.Share share = memory.share()) {
                share.take(4 << 20);
                share.keepFor(exchange.getMessage());
            }
            assertThat(memory.held()).isEqualTo(4 << 20);

            exchange.getExchangeExtension().handoverCompletions().forEach(each -> each.onComplete(exchange));
            assertThat(memory.held()).isZero();
        }
    }

    @Test
    void isHeldOnceHoweverOftenADocumentIsTriedAgain() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Exchange exchange = new DefaultExchange(context);
            for (int attempt = 0; attempt < 5; attempt++) {
                exchange.getMessage().setHeader(Exchange.REDELIVERY_COUNTER, attempt == 0 ? null : attempt);
                for (int document = 0; document < 2; document++) {
                    try (PageMemory.Share share = memory.share(exchange.getMessage())) {
                        share.take(3 << 20);
                        share.keepFor(exchange.getMessage());
                    }
                }
                assertThat(memory.held()).isEqualTo(6 << 20);
            }

            exchange.getExchangeExtension().handoverCompletions().forEach(each -> each.onComplete(exchange));
            assertThat(memory.held()).isZero();
        }
    }

    @Test
    void tellsADocumentThatIsTooLargeFromOneThatComesAtTheWrongTime() {
        try (PageMemory.Share one = memory.share();
                PageMemory.Share other = memory.share()) {
            one.take(6 << 20);
            assertThatThrownBy(() -> other.take(6 << 20))
                    .isInstanceOf(QueueFullException.class)
                    .hasMessageContaining("take the 10 MiB that they may. Try again later");
            assertThatThrownBy(() -> one.take(6 << 20))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("than the 10 MiB that documents may: choose fewer by the option pages");
            assertThat(memory.held()).isEqualTo(6 << 20);
        }
    }
}
