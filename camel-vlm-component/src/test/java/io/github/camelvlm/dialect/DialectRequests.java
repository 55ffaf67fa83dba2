package io.github.camelvlm.dialect;

import io.github.camelvlm.anthropic.MessagesDialect;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.VideoFile;
import io.github.camelvlm.completions.CompletionsDialect;
import io.github.camelvlm.ollama.OllamaDialect;
import io.github.camelvlm.openai.ChatRequestMapper;
import io.github.camelvlm.openai.ImageResolver;
import io.github.camelvlm.openai.OpenAiError;
import io.github.camelvlm.responses.ResponsesDialect;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** A request of each dialect that has all of its fields, and what is answered to others. */
enum DialectRequests {
    MESSAGES(new MessagesDialect(), "/v1/messages", """
            {"model": "m", "max_tokens": 5, "temperature": 0.5, "top_p": 0.9, "top_k": 3, "stream": false,
             "stop_sequences": ["x"], "system": [{"type": "text", "text": "Be brief."}],
             "metadata": {"user_id": "u"}, "thinking": {"type": "disabled"},
             "tools": [{"name": "f", "description": "d", "strict": true, "input_schema": {"type": "object"}}],
             "tool_choice": {"type": "auto", "disable_parallel_tool_use": true},
             "output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}},
             "messages": [
               {"role": "user", "content": [
                 {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
                 {"type": "image", "source": {"type": "url", "url": "http://a/b.png"}},
                 {"type": "text", "text": "What?"}]},
               {"role": "assistant", "content": [
                 {"type": "text", "text": "Well."}, {"type": "tool_use", "id": "c", "name": "f", "input": {"a": 1}}]},
               {"role": "user", "content": [
                 {"type": "tool_result", "tool_use_id": "c", "is_error": false,
                  "content": [{"type": "text", "text": "1"}]}]}]}""", Set.of("messages[1].content[1].input.a")),
    RESPONSES(new ResponsesDialect(), "/v1/responses", """
            {"model": "m", "instructions": "Be brief.", "max_output_tokens": 5, "temperature": 0.5, "top_p": 0.9,
             "top_k": 3, "min_p": 0.1, "seed": 7, "presence_penalty": 0.1, "frequency_penalty": 0.1,
             "repetition_penalty": 1.1, "include": ["message.output_text.logprobs"], "top_logprobs": 2,
             "stream": false, "store": true, "parallel_tool_calls": false, "user": "u", "metadata": {"a": "b"},
             "truncation": "disabled", "background": false, "previous_response_id": null,
             "tools": [{"type": "function", "name": "f", "parameters": {"type": "object"}}],
             "tool_choice": {"type": "function", "name": "f"},
             "text": {"verbosity": "medium",
               "format": {"type": "json_schema", "name": "n", "strict": true, "schema": {"type": "object"}}},
             "input": [
               {"type": "message", "role": "user", "content": [
                 {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "low"},
                 {"type": "video_url", "video_url": "http://a/b.mp4"},
                 {"type": "input_text", "text": "What?"}]},
               {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
               {"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "1"}]}]}
            """, Set.of()),
    COMPLETIONS(new CompletionsDialect(), "/v1/completions", """
            {"model": "m", "prompt": ["Go on"], "images": [{"url": "http://a/b.png"}], "max_tokens": 5,
             "temperature": 0.5, "top_p": 0.9, "top_k": 3, "min_p": 0.1, "seed": 7, "stop": ["x"],
             "presence_penalty": 0.1, "frequency_penalty": 0.1, "repetition_penalty": 1.1, "ignore_eos": false,
             "min_tokens": 1, "logprobs": 2, "stop_token_ids": [7], "skip_special_tokens": false,
             "include_stop_str_in_output": true, "bad_words": ["x"], "allowed_token_ids": [7], "logit_bias": {"7": 1.5},
             "n": 2, "best_of": 2, "stream": false, "echo": false,
             "stream_options": {"include_usage": true}, "user": "u"}""", Set.of("prompt[0]")),
    CHAT(new OllamaDialect(), "/api/chat", """
            {"model": "m", "stream": false, "think": false, "logprobs": false, "format": {"type": "object"},
             "options": {"temperature": 0.5, "top_p": 0.9, "top_k": 3, "min_p": 0.1, "seed": 7, "num_predict": 5,
               "stop": ["x"], "repeat_penalty": 1.1, "repeat_last_n": -1, "presence_penalty": 0.1,
               "frequency_penalty": 0.1, "mirostat": 0, "typical_p": 1},
             "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
             "messages": [
               {"role": "user", "content": "What?", "images": ["AAAA"]},
               {"role": "assistant", "content": "", "tool_calls": [
                 {"id": "c", "function": {"name": "f", "arguments": {"a": 1}}}]},
               {"role": "tool", "content": "1", "tool_call_id": "c"}]}""", Set.of("messages[1].tool_calls[0].function.arguments.a")),
    GENERATE(new OllamaDialect(), "/api/generate", """
            {"model": "m", "prompt": "What?", "system": "Be brief.", "images": ["AAAA"], "stream": false,
             "raw": false, "suffix": "", "template": "", "context": [], "format": "json",
             "options": {"temperature": 0.5}}""", Set.of());

    private final Dialect dialect;
    private final String path;
    private final String body;
    private final Set<String> anything;

    /** @param anything the fields that may have any value */
    DialectRequests(Dialect dialect, String path, String body, Set<String> anything) {
        this.dialect = dialect;
        this.path = path;
        this.body = body;
        this.anything = anything;
    }

    /** A request that is served. */
    String body() {
        return body;
    }

    boolean takesAnythingAt(String field) {
        return anything.contains(field);
    }

    Dialogue read(String json) {
        return dialect.read(new Call("POST", path, json.getBytes(StandardCharsets.UTF_8), "", header -> null));
    }

    /** What a client is told that is wrong with a request; nothing if it is served. */
    Optional<OpenAiError> refusal(String json) {
        Dialogue dialogue;
        try {
            dialogue = read(json);
        } catch (RuntimeException e) {
            return Optional.of(OpenAiError.of(e));
        }
        try {
            ChatRequestMapper.toChatRequests(dialogue.request(), ANY_PICTURE);
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(dialogue.retold(OpenAiError.of(e)));
        }
    }

    private static final ImageResolver ANY_PICTURE = new ImageResolver() {
        @Override
        public EncodedImage resolve(String url) {
            return new EncodedImage("picture", new byte[] {1});
        }

        @Override
        public VideoFile resolveVideo(String url, String uuid, FrameSampling sampling) {
            return new VideoFile("video", new byte[] {1}, sampling);
        }
    };
}
