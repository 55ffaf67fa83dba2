package io.github.camelvlm.remote;

import static io.github.camelvlm.remote.ScriptedServer.breakingOffAfter;
import static io.github.camelvlm.remote.ScriptedServer.content;
import static io.github.camelvlm.remote.ScriptedServer.error;
import static io.github.camelvlm.remote.ScriptedServer.events;
import static io.github.camelvlm.remote.ScriptedServer.json;
import static io.github.camelvlm.remote.ScriptedServer.role;
import static io.github.camelvlm.remote.ScriptedServer.saying;
import static io.github.camelvlm.remote.ScriptedServer.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.UpstreamException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which of several servers is asked, and when again. */
class DispatchTest extends RemoteTestSupport {
    @Test
    void comesAgainWhenABusyServerSaysSo() throws Exception {
        ScriptedServer server = server(error(429, "busy", "Retry-After", "1"), saying("Hi"));
        RemoteEngine engine = engine(server);
        long start = System.nanoTime();

        assertThat(answer(engine).text()).isEqualTo("Hi");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(4));
        assertThat(server.requests()).hasSize(2);
        assertThat(engine.isReady()).isTrue();
    }

    @Test
    void doesNotWaitForAServerThatAsksForMoreTimeThanThereIs() throws Exception {
        ScriptedServer server = server(error(429, "no more requests today", "Retry-After", "60"));
        long start = System.nanoTime();

        assertThat(failure(engine(server)))
                .isInstanceOf(QueueFullException.class)
                .hasMessageContaining("no more requests today");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void goesToTheNextServerAtOnceWhenOneIsBusy() throws Exception {
        ScriptedServer busy = server(error(429, "busy", "Retry-After", "60"));
        ScriptedServer free = server(saying("Hi"));
        RemoteEngine engine = engine(busy, free);

        for (int i = 0; i < 4; i++) {
            assertThat(answer(engine).text()).isEqualTo("Hi");
        }

        assertThat(busy.requests()).hasSizeLessThanOrEqualTo(1);
        assertThat(free.requests()).hasSize(4);
    }

    @Test
    void waitsForAServerThatIsLoading() throws Exception {
        ScriptedServer server = server(saying("Hi"));
        server.answerProbes(error(503, "The model is still being loaded"));
        RemoteEngine engine = engine(server);
        assertThat(engine.isReady()).isFalse();

        Generation generation = engine.generate(ask(SamplingOptions.NONE, LIMIT));
        server.answerProbes(json(200, "{\"object\":\"list\",\"data\":[]}"));

        assertThat(generation.await().text()).isEqualTo("Hi");
        assertThat(engine.isReady()).isTrue();
    }

    @Test
    void saysWhichServersAreOutOfReach() throws Exception {
        ScriptedServer server = server(saying("Hi"));
        String url = server.url().toString();
        server.close();
        RemoteEngine engine = new RemoteEngine(
                new RemoteOptions(List.of(server.url()), null, "m", Duration.ofMillis(300), 8, 64), picture -> null);
        open.add(0, engine);

        assertThat(engine.isReady()).isFalse();
        assertThat(failure(engine))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining(url)
                .hasMessageContaining("nothing listens there");
    }

    @Test
    void takesAServerInAgainWhenItHasComeBack() throws Exception {
        ScriptedServer first = server(saying("Hi"));
        RemoteEngine engine = engine(first);
        int port = first.port();
        first.close();
        Generation generation = engine.generate(ask(SamplingOptions.NONE, LIMIT));
        until("the server is left out", () -> !engine.isReady());

        open.add(new ScriptedServer(port, saying("Back")));

        assertThat(generation.await().text()).isEqualTo("Back");
    }

    @Test
    void goesToAnotherServerWhenOneBreaksOffBeforeTheFirstWord() throws Exception {
        ScriptedServer breaking = server(breakingOffAfter(role()));
        ScriptedServer whole = server(saying("Hi"));
        RemoteEngine engine = engine(breaking, whole);

        for (int i = 0; i < 4; i++) {
            assertThat(answer(engine).text()).isEqualTo("Hi");
        }

        assertThat(breaking.requests()).isNotEmpty();
    }

    @Test
    void asksNobodyElseOnceTheAnswerHasBegun() throws Exception {
        ScriptedServer breaking = server(breakingOffAfter(content("Hel")));
        RemoteEngine engine = engine(breaking);

        Generation generation = engine.generate(ask(SamplingOptions.NONE, LIMIT));

        assertThat(generation.next()).map(Delta::text).contains("Hel");
        assertThatThrownBy(generation::next)
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("broke off in the middle");
        assertThat(breaking.requests()).hasSize(1);
    }

    @Test
    void goesToTheServerWithTheFewestRequestsInHand() throws Exception {
        ScriptedServer slow = server(silence(over));
        ScriptedServer quick = server(saying("Hi"));
        RemoteEngine engine = engine(slow, quick);
        for (int asked = 1; slow.requests().isEmpty(); asked++) {
            int all = asked;
            Generation generation = engine.generate(ask(SamplingOptions.NONE, null));
            until("it is asked", () -> slow.requests().size() + quick.requests().size() == all);
            if (slow.requests().isEmpty()) {
                generation.await();
            }
        }
        int before = quick.requests().size();

        for (int i = 0; i < 10; i++) {
            assertThat(answer(engine).text()).isEqualTo("Hi");
        }

        assertThat(slow.requests()).hasSize(1);
        assertThat(quick.requests()).hasSize(before + 10);
        assertThat(engine.statistics().waiting()).isEqualTo(1);
    }

    @Test
    void leavesASilentServerThatAnswersNoProbeForAnother() throws Exception {
        ScriptedServer dead = server(silence(over));
        ScriptedServer alive = server(saying("Hi"));
        RemoteEngine engine = engine("k", Duration.ofMillis(100), dead, alive);
        dead.answerProbes(error(503, "gone"));

        for (int i = 0; i < 2; i++) {
            assertThat(answer(engine).text()).isEqualTo("Hi");
        }

        assertThat(dead.requests()).hasSize(1);
    }

    @Test
    void triesAgainWhatFailsAfterTheHeadersAndBeforeTheFirstWord() throws Exception {
        ScriptedServer server = server(
                events(
                        "{\"error\":{\"message\":\"full\",\"type\":\"rate_limit_exceeded\",\"code\":\"rate_limit_exceeded\"}}"),
                saying("Hi"));

        assertThat(answer(engine(server)).text()).isEqualTo("Hi");
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void asksTwoServersAtMostForWhatTheyFailOn() throws Exception {
        ScriptedServer one = server(error(500, "boom"));
        ScriptedServer two = server(error(500, "boom"));
        ScriptedServer three = server(error(500, "boom"));

        assertThat(failure(engine(one, two, three))).isInstanceOf(UpstreamException.class);

        assertThat(one.requests().size()
                        + two.requests().size()
                        + three.requests().size())
                .isEqualTo(2);
    }

    @Test
    void leavesOutAServerThatFailsOnManyRequests() throws Exception {
        ScriptedServer bad = server(error(500, "out of memory"));
        ScriptedServer good = server(saying("Hi"));
        RemoteEngine engine = engine(bad, good);

        // The two have turns as long as both are thought to answer.
        int spared = 0;
        for (int i = 0; i < 100 && spared < 4; i++) {
            int before = bad.requests().size();
            assertThat(answer(engine).text()).isEqualTo("Hi");
            spared = bad.requests().size() == before ? spared + 1 : 0;
        }

        assertThat(spared).isEqualTo(4);
    }
}
