package io.github.camelvlm.springai;

import io.github.camelvlm.VlmModel;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.VlmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.DefaultToolExecutionEligibilityPredicate;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.model.tool.ToolExecutionEligibilityPredicate;
import org.springframework.ai.model.tool.ToolExecutionResult;
import org.springframework.ai.tool.definition.ToolDefinition;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Schedulers;

/**
 * Spring AI's chat model, answered by a model in this JVM. What a prompt's options leave open is as the component's say.
 * Tools are run here, as Spring AI's other models do, unless the options say otherwise. Failures are {@link VlmException}s,
 * which name what is wrong. A streamed answer is read on Reactor's bounded elastic threads and ends when it is cancelled.
 */
public final class VlmChatModel implements ChatModel {
    private final VlmModel model;
    private final ToolCallingManager tools;
    private final ToolExecutionEligibilityPredicate runsTools = new DefaultToolExecutionEligibilityPredicate();

    /**
     * @param model answers; the caller that loaded it closes it
     * @param tools runs the tools that it calls
     */
    public VlmChatModel(VlmModel model, ToolCallingManager tools) {
        this.model = model;
        this.tools = tools;
    }

    /** @param model answers; the caller that loaded it closes it */
    public VlmChatModel(VlmModel model) {
        this(model, ToolCallingManager.builder().build());
    }

    @Override
    public ChatResponse call(Prompt prompt) {
        Prompt asked = withOptions(prompt);
        ChatResponse response = answer(asked);
        while (runsTools.isToolExecutionRequired(asked.getOptions(), response)) {
            ToolExecutionResult result = tools.executeToolCalls(asked, response);
            if (result.returnDirect()) {
                return direct(response, result);
            }
            asked = new Prompt(result.conversationHistory(), asked.getOptions());
            response = answer(asked);
        }
        return response;
    }

    private ChatResponse answer(Prompt prompt) {
        try (Generation generation = begin(prompt)) {
            Completion completion = generation.await();
            return Answers.whole(completion, completion.text());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public Flux<ChatResponse> stream(Prompt prompt) {
        Prompt asked = withOptions(prompt);
        return Flux.using(() -> told(() -> begin(asked)), VlmChatModel::pieces, Generation::close)
                .concatMap(response -> told(() -> afterTools(asked, response)))
                .subscribeOn(Schedulers.boundedElastic());
    }

    /** Reactor tells no subscriber of an error such as a lack of memory, so that it would wait for ever. */
    private static <T> T told(Supplier<T> step) {
        try {
            return step.get();
        } catch (Error e) {
            throw new VlmException("The answer was given up: " + e, e);
        }
    }

    /** A piece is computed and waited for when it is asked for. */
    private static Flux<ChatResponse> pieces(Generation generation) {
        return Flux.generate(
                () -> generation,
                (state, sink) -> told(() -> {
                    next(state, sink);
                    return state;
                }));
    }

    private static void next(Generation generation, SynchronousSink<ChatResponse> sink) {
        try {
            Optional<Delta> next = generation.next();
            while (next.isPresent() && next.get().text().isEmpty()) {
                next = generation.next();
            }
            if (next.isPresent()) {
                sink.next(Answers.piece(next.get().text()));
            } else {
                sink.next(Answers.whole(generation.await(), ""));
                sink.complete();
            }
        } catch (InterruptedException e) {
            sink.error(interrupted(e));
        }
    }

    private Flux<ChatResponse> afterTools(Prompt asked, ChatResponse response) {
        if (!runsTools.isToolExecutionRequired(asked.getOptions(), response)) {
            return Flux.just(response);
        }
        ToolExecutionResult result = tools.executeToolCalls(asked, response);
        return result.returnDirect()
                ? Flux.just(direct(response, result))
                : stream(new Prompt(result.conversationHistory(), asked.getOptions()));
    }

    private static ChatResponse direct(ChatResponse response, ToolExecutionResult result) {
        return ChatResponse.builder()
                .from(response)
                .generations(ToolExecutionResult.buildGenerations(result))
                .build();
    }

    private Prompt withOptions(Prompt prompt) {
        return prompt.getOptions() == null ? new Prompt(prompt.getInstructions(), getDefaultOptions()) : prompt;
    }

    private Generation begin(Prompt prompt) {
        List<ToolDefinition> offered = prompt.getOptions() instanceof ToolCallingChatOptions options
                ? tools.resolveToolDefinitions(options)
                : List.of();
        Map<String, Object> conversation = PromptWriter.write(prompt, offered);
        return model.ask(conversation, new CompletableFuture<>());
    }

    private static VlmException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new VlmException("The answer was given up: its thread was interrupted", cause);
    }

    /** Nothing set: the component's options apply. */
    @Override
    public ChatOptions getDefaultOptions() {
        return new VlmChatOptions();
    }
}
