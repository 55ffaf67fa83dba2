package io.github.camelvlm.remote;

import com.openai.core.JsonValue;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionTokenLogprob;
import com.openai.models.completions.CompletionUsage;
import io.github.camelvlm.chat.AnswerClock;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.SeenPicture;
import io.github.camelvlm.chat.TokenLogprob;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** An answer put together from the chunks that a server sends. */
final class RemoteAnswer {
    /** A server does not tell the ids of tokens. */
    private static final int UNKNOWN = -1;

    /** A call of a tool of which pieces come one by one. */
    private static final class CallInPieces {
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();

        ToolCall whole() {
            return new ToolCall(id, name, arguments.toString());
        }
    }

    private final AnswerClock clock;
    private final StringBuilder text = new StringBuilder();
    private final Map<Long, CallInPieces> calls = new TreeMap<>();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private Usage usage = new Usage(0, 0);
    private FinishReason finishReason;

    /** @param askedAt when it was asked for, by {@link System#nanoTime} */
    RemoteAnswer(long askedAt) {
        clock = new AnswerClock(askedAt);
    }

    /** Whether anything of it is known. */
    boolean hasBegun() {
        return clock.hasBegun();
    }

    /** Whether the server has said why it ended. */
    boolean isWhole() {
        return finishReason != null;
    }

    /**
     * Takes the next chunk.
     *
     * @return what is new in it; empty if nothing is
     */
    Delta append(ChatCompletionChunk chunk) {
        chunk.usage().ifPresent(told -> usage = usage(told));
        StringBuilder said = new StringBuilder();
        List<TokenLogprob> tokens = new ArrayList<>();
        List<ChatCompletionChunk.Choice.Delta.ToolCall> called = new ArrayList<>();
        boolean hadEnded = isWhole();
        for (ChatCompletionChunk.Choice choice : chunk._choices().asKnown().orElse(List.of())) {
            choice._delta().asKnown().ifPresent(delta -> {
                delta.content().ifPresent(said::append);
                delta.toolCalls().ifPresent(called::addAll);
            });
            logprobs(choice).forEach(token -> tokens.add(logprob(token)));
            if (finishReason == null && choice.finishReason().isPresent()) {
                finishReason = reason(choice);
            }
        }
        text.append(said);
        logprobs.addAll(tokens);
        called.forEach(this::append);
        boolean isEmpty = said.isEmpty() && tokens.isEmpty() && called.isEmpty();
        // An end that brings nothing comes by itself from some servers and is no token, unless it is all there is.
        if (!isEmpty || (isWhole() && !hasBegun())) {
            clock.token();
        }
        return new Delta(said.toString(), List.of(), tokens, !hadEnded && isWhole() ? wholeCalls() : List.of());
    }

    private void append(ChatCompletionChunk.Choice.Delta.ToolCall piece) {
        CallInPieces call = calls.computeIfAbsent(piece._index().asKnown().orElse(0L), index -> new CallInPieces());
        piece.id().ifPresent(id -> call.id = id);
        piece.function().ifPresent(function -> {
            function.name().filter(name -> !name.isEmpty()).ifPresent(name -> call.name = name);
            function.arguments().ifPresent(call.arguments::append);
        });
    }

    private List<ToolCall> wholeCalls() {
        return calls.values().stream().map(CallInPieces::whole).toList();
    }

    private static FinishReason reason(ChatCompletionChunk.Choice choice) {
        // Another instance of this application tells here what OpenAI has no name for.
        JsonValue own = choice._additionalProperties().get("vlm_finish_reason");
        String name = own == null ? null : own.convert(String.class);
        return reason(name != null ? name : choice.finishReason().orElseThrow().asString());
    }

    private static FinishReason reason(String name) {
        return switch (name) {
            case "length" -> FinishReason.LENGTH;
            case "tool_calls", "function_call" -> FinishReason.TOOL_CALLS;
            case "cancelled", "abort" -> FinishReason.CANCELLED;
            case "time_limit" -> FinishReason.TIME_LIMIT;
            case "repetition" -> FinishReason.REPETITION;
            default -> FinishReason.STOP;
        };
    }

    private static Usage usage(CompletionUsage told) {
        return new Usage(
                Math.toIntExact(told.promptTokens()),
                Math.toIntExact(told.completionTokens()),
                told.promptTokensDetails()
                        .flatMap(CompletionUsage.PromptTokensDetails::cachedTokens)
                        .map(Math::toIntExact)
                        .orElse(0),
                prediction(told, CompletionUsage.CompletionTokensDetails::acceptedPredictionTokens),
                prediction(told, CompletionUsage.CompletionTokensDetails::rejectedPredictionTokens));
    }

    private static int prediction(
            CompletionUsage told, Function<CompletionUsage.CompletionTokensDetails, Optional<Long>> count) {
        return told.completionTokensDetails()
                .flatMap(count)
                .map(Math::toIntExact)
                .orElse(0);
    }

    /** Those that are whole: what a server tells in another form than OpenAI's does not harm the answer beside it. */
    private static List<ChatCompletionTokenLogprob> logprobs(ChatCompletionChunk.Choice choice) {
        return choice._logprobs().asKnown().flatMap(told -> told._content().asKnown()).orElse(List.of()).stream()
                .filter(token -> token._token().asKnown().isPresent()
                        && token._logprob().asKnown().isPresent())
                .toList();
    }

    private static TokenLogprob logprob(ChatCompletionTokenLogprob token) {
        return new TokenLogprob(
                UNKNOWN,
                bytes(token._bytes().asKnown().orElse(null), token.token()),
                token.logprob(),
                token._topLogprobs().asKnown().orElse(List.of()).stream()
                        .map(top -> new TokenLogprob(
                                UNKNOWN, bytes(top.bytes().orElse(null), top.token()), top.logprob(), List.of()))
                        .toList());
    }

    private static byte[] bytes(List<Long> values, String token) {
        if (values == null) {
            return token.getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[values.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = values.get(i).byteValue();
        }
        return bytes;
    }

    /** Whether it has words, and none of their log-probabilities. */
    boolean isWithoutLogprobs() {
        return !text.isEmpty() && logprobs.isEmpty();
    }

    /** The whole as far as the server has got. */
    Completion end(String model, List<SeenPicture> pictures) {
        return end(finishReason, model, pictures);
    }

    /** What there is of it, when it is ended before the server ends it. */
    Completion end(FinishReason reason, String model, List<SeenPicture> pictures) {
        return new Completion(
                model, text.toString(), wholeCalls(), List.of(), logprobs, reason, usage, clock.end(), pictures);
    }
}
