import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients for Java that people have, unmodified, against the application. */
class ClientsTest {
    private static Application application;

    @BeforeAll
    static void start() throws Exception {
        application = new Application("shapes-tools");
    }

    @AfterAll
    static void stop() throws Exception {
        application.stop();
    }

    static Stream<Arguments> clients() {
        Client langChain4j = LangChain4jClient.ofOpenAi(application.address());
        Client anthropic = new AnthropicClient(application.address());
        return Stream.of(
                Arguments.of(anthropic, false),
                Arguments.of(anthropic, true),
                Arguments.of(langChain4j, false),
                Arguments.of(langChain4j, true),
                Arguments.of(LangChain4jClient.ofOllama(application.address()), false),
                Arguments.of(SpringAiClient.ofOpenAi(application.address()), true),
                Arguments.of(SpringAiClient.ofOllama(application.address()), false));
    }

    @ParameterizedTest(name = "{0}, text first: {1}")
    @MethodSource("clients")
    void describesAPicture(Client client, boolean isTextFirst) {
        assertThat(client.describe("Describe this image.", isTextFirst)).isEqualTo(Shapes.CAPTION);
    }

    @ParameterizedTest(name = "{0}, text first: {1}")
    @MethodSource("clients")
    void describesAPictureInPieces(Client client, boolean isTextFirst) {
        assertThat(client.describeInPieces("Describe this image.", isTextFirst))
                .hasSizeGreaterThan(5)
                .satisfies(pieces -> assertThat(String.join("", pieces)).isEqualTo(Shapes.CAPTION));
    }

    @ParameterizedTest(name = "{0}, text first: {1}")
    @MethodSource("clients")
    void runsTheToolThatTheModelCalls(Client client, boolean isTextFirst) {
        Shapes shapes = new Shapes();

        assertThat(client.record("Record the shapes.", isTextFirst, shapes)).isEqualTo(Shapes.SUMMARY);
        assertThat(shapes.recorded()).containsExactly("orange triangle", "yellow hexagon");
    }

    @ParameterizedTest(name = "{0}, text first: {1}")
    @MethodSource("clients")
    void runsTheToolThatTheModelCallsInPieces(Client client, boolean isTextFirst) {
        Shapes shapes = new Shapes();

        assertThat(client.recordInPieces("Record the shapes.", isTextFirst, shapes))
                .isEqualTo(Shapes.SUMMARY);
        assertThat(shapes.recorded()).containsExactly("orange triangle", "yellow hexagon");
    }
}
