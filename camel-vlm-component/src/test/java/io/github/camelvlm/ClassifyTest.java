package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.goldens.GoldenCase;
import java.util.List;
import java.util.Map;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

class ClassifyTest extends VlmTestSupport {
    private static final String CLASSIFY = "vlm:classify?" + MODEL;
    private static final byte[] PICTURE = GoldenCase.picture(ONE_SHAPE).bytes();

    private Message classify(String options, Map<String, Object> headers) throws Exception {
        return send(CLASSIFY + options, exchange -> {
                    exchange.getMessage().setBody(PICTURE);
                    exchange.getMessage().getHeaders().putAll(headers);
                })
                .getMessage();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Double> scores(Message message) {
        return message.getHeader(VlmConstants.SCORES, Map.class);
    }

    @Test
    void tellsWhichOfTheChoicesAPictureIsAndHowSureThatIs() throws Exception {
        Message answer = classify("&prompt=What color is the diamond?&choices=Red., Yellow.,Blue.", Map.of());

        assertThat(answer.getBody()).isEqualTo("Yellow.");
        assertThat(scores(answer)).containsOnlyKeys("Red.", "Yellow.", "Blue.");
        assertThat(scores(answer).get("Yellow.")).isGreaterThan(0.9);
        assertThat(scores(answer).values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isCloseTo(1, within(1e-9));
        assertThat(answer.getHeader(VlmConstants.FINISH_REASON)).isEqualTo("stop");
        assertThat(answer.getHeader(VlmConstants.IMAGE_WIDTH)).isEqualTo(112);
    }

    @Test
    void takesChoicesOfAHeaderWhichMayHoldCommas() throws Exception {
        Message answer = classify(
                "&prompt=Is there a yellow diamond?&choices=a,b",
                Map.of(VlmConstants.CHOICES, List.of("Yes.", "No, there is none.")));

        assertThat(answer.getBody()).isEqualTo("Yes.");
        assertThat(scores(answer)).containsOnlyKeys("Yes.", "No, there is none.");
    }

    @Test
    void tellsTheChoicesInItsQuestionWhereThereIsNone() throws Exception {
        Message told = classify("&choices=yellow,blue", Map.of());
        Message asked =
                classify("&choices=yellow,blue&prompt=What is this? Answer with one of these: yellow, blue.", Map.of());

        assertThat(scores(told).get("yellow")).isCloseTo(scores(asked).get("yellow"), within(1e-4));
    }

    @Test
    void refusesLessThanTwoChoices() {
        assertThatThrownBy(() -> classify("", Map.of()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "CamelVlmChoices are missing: put texts into it, or set the option choices to such as yes,no");
        assertThatThrownBy(() -> classify("", Map.of(VlmConstants.CHOICES, "yes")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("holds one text only");
        assertThatThrownBy(() -> classify("", Map.of(VlmConstants.CHOICES, "yes,yes")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("the same text twice");
    }

    @Test
    void doesNotStartWithAnotherForm() {
        assertThatThrownBy(() -> context().addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("direct:regex").to(CLASSIFY + "&regex=a|b");
                    }
                }))
                .isInstanceOf(FailedToStartRouteException.class)
                .hasMessageContaining("CamelVlmChoices are missing");
    }
}
