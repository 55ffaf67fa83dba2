package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.chat.VlmTokenizer;
import io.github.camelvlm.openai.DetokenizeRequest;
import io.github.camelvlm.openai.DetokenizeResponse;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.TokenizeRequest;
import io.github.camelvlm.openai.TokenizeResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;

/** Answers vLLM's requests to write text as tokens and tokens as text. */
public final class TokenOperations {
    private final MessageOptions options;
    private final RequestMapper requests;

    /** @param requests makes requests of conversations */
    public TokenOperations(MessageOptions options, RequestMapper requests) {
        this.options = options;
        this.requests = requests;
    }

    /** @throws InvalidRequestException if the body is no such request */
    public JsonBody tokenize(Message message, VlmEngine engine) {
        TokenizeRequest request = TokenizeRequest.read(json(message));
        VlmEngine named = named(request.model(), message, engine);
        VlmTokenizer tokenizer = named.tokenizer();
        int[] ids = request.prompt() != null
                ? tokenizer.encode(request.prompt(), request.addSpecialTokens())
                : tokenizer.encode(requests.chat(request.chat(), message));
        List<Integer> tokens = Arrays.stream(ids).boxed().toList();
        List<String> entries = request.returnTokenStrs()
                ? tokens.stream().map(tokenizer::entry).toList()
                : null;
        return new TokenizeResponse(ids.length, named.info().contextLength(), tokens, entries);
    }

    /** @throws InvalidRequestException if the body is no such request */
    public JsonBody detokenize(Message message, VlmEngine engine) {
        DetokenizeRequest request = DetokenizeRequest.read(json(message));
        VlmEngine named = named(request.model(), message, engine);
        int[] ids = request.tokens().stream().mapToInt(Integer::intValue).toArray();
        return new DetokenizeResponse(named.tokenizer().decode(ids));
    }

    /** @throws io.github.camelvlm.chat.ModelNotServedException if there is no such model */
    private VlmEngine named(String model, Message message, VlmEngine engine) {
        ServedNames served = ServedNames.of(options, engine.info());
        served.require(model);
        return engine.of(served.chosen(model, requests.adapter(message)));
    }

    private static byte[] json(Message message) {
        Object body = message.getBody();
        if (body == null) {
            throw new InvalidRequestException("body", "is empty: send a request in JSON in it");
        }
        if (body instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        byte[] json = message.getBody(byte[].class);
        if (body instanceof StreamCache cache) {
            cache.reset();
        }
        if (json == null) {
            throw new InvalidRequestException(
                    "body",
                    "must be JSON as String, byte[] or InputStream, but is "
                            + body.getClass().getName());
        }
        return json;
    }
}
