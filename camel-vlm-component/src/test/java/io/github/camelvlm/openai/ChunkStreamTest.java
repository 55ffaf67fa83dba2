package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.TokenLogprob;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.Usage;
import io.github.camelvlm.chat.VlmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ChunkStreamTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ResponseMetadata METADATA =
            new ResponseMetadata("chatcmpl-1", Instant.ofEpochSecond(1741569952L), "qwen2-vl", "fp_1");

    private static List<ChatCompletionChunk> read(ChunkStream stream) {
        List<ChatCompletionChunk> chunks = new ArrayList<>();
        stream.forEachRemaining(chunks::add);
        return chunks;
    }

    private static ChunkStream stream(boolean includeUsage, Generation... generations) {
        return new ChunkStream(List.of(generations), generations.length, METADATA, includeUsage, null);
    }

    @Test
    void writesAStreamAsOpenAiDoes() throws JsonProcessingException {
        SpokenGeneration generation =
                new SpokenGeneration().say("Hel", "", "lo").end(FinishReason.LENGTH);

        List<String> lines = read(stream(true, generation)).stream()
                .map(ChatCompletionChunk::toJson)
                .toList();

        String head = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1741569952,"
                + "\"model\":\"qwen2-vl\",\"system_fingerprint\":\"fp_1\",\"choices\":";
        String open = "[{\"index\":0,\"delta\":";
        String goesOn = ",\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}";
        assertThat(lines)
                .containsExactly(
                        head + open + "{\"role\":\"assistant\",\"content\":\"\"}" + goesOn,
                        head + open + "{\"content\":\"Hel\"}" + goesOn,
                        head + open + "{\"content\":\"lo\"}" + goesOn,
                        head + open + "{},\"logprobs\":null,\"finish_reason\":\"length\"}],\"usage\":null}",
                        head + "[],\"usage\":" + MAPPER.writeValueAsString(CompletionUsage.of(new Usage(19, 3))) + "}");
    }

    @Test
    void tellsAnEndThatOpenAiDoesNotKnowAsACut() {
        List<ChatCompletionChunk> chunks =
                read(stream(false, new SpokenGeneration().say("Hi").end(FinishReason.TIME_LIMIT)));

        assertThat(chunks.get(2).toJson())
                .contains("\"finish_reason\":\"length\",\"vlm_finish_reason\":\"time_limit\"");
        assertThat(chunks.get(1).toJson()).doesNotContain("vlm_finish_reason");
    }

    @Test
    void writesCallsOfToolsAsOpenAiDoes() throws JsonProcessingException {
        SpokenGeneration generation = new SpokenGeneration()
                .say(new Delta("", List.of(1), List.of(), List.of(new ToolCall("call_1", "f", "{\"a\":1}"))))
                .say(new Delta("", List.of(2), List.of(), List.of(new ToolCall("call_2", "g", "{}"))))
                .end(FinishReason.TOOL_CALLS);

        List<ChatCompletionChunk> chunks = read(stream(false, generation));

        assertThat(MAPPER.readTree(chunks.get(1).toJson()).at("/choices/0/delta"))
                .isEqualTo(MAPPER.readTree("""
                        {"tool_calls": [{"index": 0, "id": "call_1", "type": "function",
                                         "function": {"name": "f", "arguments": ""}}]}
                        """));
        assertThat(MAPPER.readTree(chunks.get(2).toJson()).at("/choices/0/delta"))
                .isEqualTo(MAPPER.readTree("""
                        {"tool_calls": [{"index": 0, "function": {"arguments": "{\\"a\\":1}"}}]}
                        """));
        assertThat(chunks.get(3).choices().get(0).delta().toolCalls().get(0).index())
                .isEqualTo(1);
        assertThat(chunks.get(5).choices().get(0).finishReason()).isEqualTo("tool_calls");
    }

    @Test
    void tellsTheUsageOnlyWhenAsked() {
        List<ChatCompletionChunk> chunks =
                read(stream(false, new SpokenGeneration().say("A").end(FinishReason.STOP)));

        assertThat(chunks).hasSize(3).allMatch(chunk -> chunk.usage() == null);
    }

    @Test
    void tellsFromTheFirstChunkOnWhatThePromptCost() {
        ChatCompletionChunk first = read(stream(
                        false, new SpokenGeneration().say("Hi").end(FinishReason.STOP)))
                .get(0);

        assertThat(first.promptUsage()).isEqualTo(CompletionUsage.of(new Usage(19, 0, 7)));
    }

    @Test
    void endsAfterItsLastChunk() {
        ChunkStream stream = stream(false, new SpokenGeneration().end(FinishReason.STOP));
        read(stream);

        assertThat(stream.hasNext()).isFalse();
        assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
        assertThat(stream.completions()).hasSize(1);
    }

    @Test
    void givesOutAPieceBeforeTheNextOneIsKnown() {
        SpokenGeneration generation = new SpokenGeneration().say("A");
        ChunkStream stream = stream(false, generation);

        assertThat(stream.next().choices().get(0).delta().role()).isEqualTo("assistant");
        assertThat(stream.next().choices().get(0).delta().content()).isEqualTo("A");
        assertThat(generation.isReady()).isFalse();
    }

    @Test
    void keepsTheLogprobsOfTokensWithoutTextForTheNextChunk() {
        SpokenGeneration generation = new SpokenGeneration()
                .say(new Delta("", List.of(1), List.of(logprob(1))))
                .say(new Delta("A", List.of(2), List.of(logprob(2))))
                .say(new Delta("", List.of(3), List.of(logprob(3))))
                .end(FinishReason.STOP);

        assertThat(read(stream(false, generation)))
                .extracting(chunk -> chunk.choices().get(0).logprobs())
                .extracting(logprobs -> logprobs == null
                        ? List.of()
                        : logprobs.content().stream()
                                .map(ChoiceLogprobs.Token::logprob)
                                .toList())
                .containsExactly(List.of(), List.of(-1.0, -2.0), List.of(-3.0));
    }

    private static TokenLogprob logprob(int id) {
        return new TokenLogprob(id, new byte[] {65}, -id, List.of());
    }

    @Test
    void givesEachOfSeveralAnswersItsTurn() {
        SpokenGeneration one = new SpokenGeneration().say("A", "B").end(FinishReason.STOP);
        SpokenGeneration two = new SpokenGeneration().say("C", "D").end(FinishReason.STOP);

        assertThat(read(stream(false, one, two)))
                .extracting(ChunkStreamTest::tell)
                .containsExactly("0 null", "0 A", "1 null", "1 C", "0 B", "1 D", "0 stop", "1 stop");
    }

    @Test
    void tellsSeveralAnswersAsEachIsReadyAndSumsTheirUsage() {
        SpokenGeneration quick = new SpokenGeneration().say("A", "B").end(FinishReason.STOP);
        SpokenGeneration slow = new SpokenGeneration();
        ChunkStream stream = stream(true, slow, quick);

        List<String> told = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            told.add(tell(stream.next()));
        }
        assertThat(told).containsExactly("1 null", "1 A", "1 B", "1 stop");

        slow.say("C").end(FinishReason.LENGTH);
        List<ChatCompletionChunk> rest = read(stream);
        assertThat(rest.subList(0, 3)).extracting(ChunkStreamTest::tell).containsExactly("0 null", "0 C", "0 length");
        assertThat(rest.get(3).usage().completionTokens()).isEqualTo(3);
        assertThat(rest.get(3).usage().promptTokens()).isEqualTo(19);
    }

    private static String tell(ChatCompletionChunk chunk) {
        ChatCompletionChunk.Choice choice = chunk.choices().get(0);
        String said = choice.delta().role() != null ? null : choice.delta().content();
        return choice.index() + " " + (choice.finishReason() != null ? choice.finishReason() : said);
    }

    @Test
    void wakesWhenAnotherThreadSaysSomething() throws InterruptedException {
        SpokenGeneration one = new SpokenGeneration();
        SpokenGeneration two = new SpokenGeneration();
        ChunkStream stream = stream(false, one, two);
        Thread speaker = new Thread(() -> {
            for (int i = 0; i < 1000; i++) {
                (i % 3 == 0 ? one : two).say("x");
            }
            one.end(FinishReason.STOP);
            two.end(FinishReason.STOP);
        });
        speaker.start();

        assertThat(read(stream)).hasSize(1000 + 2 * 2);
        speaker.join();
    }

    @Test
    void failsBeforeTheFirstChunkIfTheEngineDoes() {
        SpokenGeneration failed = new SpokenGeneration().fail(new VlmException("out of memory"));
        SpokenGeneration other = new SpokenGeneration();
        ChunkStream stream = stream(false, failed, other);

        assertThatThrownBy(stream::next).isInstanceOf(VlmException.class).hasMessage("out of memory");
        assertThat(other.isCancelled()).isTrue();
    }

    @Test
    void cancelsWhenItIsClosed() {
        SpokenGeneration generation = new SpokenGeneration().say("A");
        ChunkStream stream = stream(false, generation);
        stream.next();

        stream.close();

        assertThat(generation.isCancelled()).isTrue();
    }

    @Test
    void cancelsWhenItsReaderIsInterrupted() {
        SpokenGeneration generation = new SpokenGeneration();
        ChunkStream stream = stream(false, generation);
        Thread.currentThread().interrupt();

        assertThatThrownBy(stream::next).isInstanceOf(VlmException.class).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(generation.isCancelled()).isTrue();
    }
}
