package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StopStringsTest {

    @Test
    void withoutStopStringsAllTextPasses() {
        StopStrings stops = new StopStrings(List.of());

        assertThat(stops.append("Hello")).isEqualTo("Hello");
        assertThat(stops.finish()).isEmpty();
        assertThat(stops.matched()).isFalse();
    }

    @Test
    void holdsBackOnlyWhatMayBecomeAStopString() {
        StopStrings stops = new StopStrings(List.of("END"));

        assertThat(stops.append("The E")).isEqualTo("The ");
        assertThat(stops.append("N")).isEmpty();
        assertThat(stops.append("E")).isEqualTo("EN");
        assertThat(stops.append("ND, ")).isEmpty();
        assertThat(stops.matched()).isTrue();
    }

    @Test
    void cutsBeforeTheStopString() {
        StopStrings stops = new StopStrings(List.of("\n\n", "END"));

        assertThat(stops.append("one\ntwo\n")).isEqualTo("one\ntwo");
        assertThat(stops.matched()).isFalse();
        assertThat(stops.append("\nthree END")).isEmpty();
        assertThat(stops.matched()).isTrue();
        assertThat(stops.append("four")).isEmpty();
        assertThat(stops.finish()).isEmpty();
    }

    @Test
    void givesOutWhatWasHeldBackAtTheEnd() {
        StopStrings stops = new StopStrings(List.of("END"));

        assertThat(stops.append("The EN")).isEqualTo("The ");
        assertThat(stops.finish()).isEqualTo("EN");
        assertThat(stops.matched()).isFalse();
    }

    @Test
    void theStopStringThatBeginsFirstCountsEvenIfItEndsLater() {
        StopStrings stops = new StopStrings(List.of("bc", "abcd"));

        assertThat(stops.append("xabc")).isEqualTo("x");
        assertThat(stops.append("d")).isEmpty();
        assertThat(stops.finish()).isEmpty();
        assertThat(stops.matched()).isTrue();
    }

    @Test
    void anotherStopStringCountsIfTheEarlierOneDoesNotComeAbout() {
        StopStrings stops = new StopStrings(List.of("bc", "abcd"));

        assertThat(stops.append("xabc")).isEqualTo("x");
        assertThat(stops.append("e")).isEqualTo("a");
        assertThat(stops.matched()).isTrue();

        StopStrings ended = new StopStrings(List.of("bc", "abcd"));
        assertThat(ended.append("xabc")).isEqualTo("x");
        assertThat(ended.finish()).isEqualTo("a");
        assertThat(ended.matched()).isTrue();
    }

    @Test
    void agreesWithIndexOfOnAnySplit() {
        Random random = new Random(3);
        for (int round = 0; round < 20_000; round++) {
            List<String> stops = IntStream.range(0, random.nextInt(4))
                    .mapToObj(i -> letters(random, 1 + random.nextInt(5)))
                    .toList();
            String text = letters(random, random.nextInt(30));
            int cut = stops.stream()
                    .mapToInt(text::indexOf)
                    .filter(index -> index >= 0)
                    .min()
                    .orElse(text.length());
            boolean found = stops.stream().anyMatch(text::contains);

            StopStrings matcher = new StopStrings(stops);
            List<String> pieces = new ArrayList<>();
            for (int start = 0; start < text.length(); ) {
                int end = Math.min(text.length(), start + random.nextInt(5));
                pieces.add(matcher.append(text.substring(start, end)));
                start = end;
            }
            pieces.add(matcher.finish());

            assertThat(String.join("", pieces)).as("%s in %s", stops, text).isEqualTo(text.substring(0, cut));
            assertThat(matcher.matched()).as("%s in %s", stops, text).isEqualTo(found);
        }
    }

    @Test
    void agreesWithASearchFromALeastLengthOnWithTheStopStringOrWithoutIt() {
        Random random = new Random(4);
        for (int round = 0; round < 20_000; round++) {
            List<String> stops = IntStream.range(0, 1 + random.nextInt(3))
                    .mapToObj(i -> letters(random, 1 + random.nextInt(5)))
                    .toList();
            String text = letters(random, random.nextInt(30));
            int quiet = random.nextInt(text.length() + 1);
            boolean isGivenOut = random.nextBoolean();

            StopStrings matcher = new StopStrings(stops, isGivenOut);
            StringBuilder said = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                said.append(matcher.append(text.substring(i, i + 1), i >= quiet));
            }
            said.append(matcher.finish());

            assertThat(said)
                    .as("%s in %s after %d", stops, text, quiet)
                    .hasToString(text.substring(0, cut(text, stops, quiet, isGivenOut)));
        }
    }

    private static int cut(String text, List<String> stops, int quiet, boolean isGivenOut) {
        for (int start = 0; start < text.length(); start++) {
            for (int end = Math.max(start, quiet) + 1; end <= text.length(); end++) {
                if (stops.contains(text.substring(start, end))) {
                    return isGivenOut ? end : start;
                }
            }
        }
        return text.length();
    }

    private static String letters(Random random, int length) {
        return random.ints(length, 0, 2).mapToObj(i -> i == 0 ? "a" : "b").collect(Collectors.joining());
    }

    @Test
    void longStopStringsCostNoMoreThanShortOnes() {
        StopStrings stops = new StopStrings(List.of("a".repeat(200_000) + "b"));
        StringBuilder text = new StringBuilder();

        assertTimeout(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < 400_000; i++) {
                text.append(stops.append("a"));
            }
            text.append(stops.finish());
        });
        assertThat(text).hasSize(400_000);
    }

    @Test
    void refusesAnEmptyStopString() {
        assertThatThrownBy(() -> new StopStrings(List.of("a", ""))).isInstanceOf(IllegalArgumentException.class);
    }
}
