package io.github.camelvlm.openai;

import io.github.camelvlm.chat.InvalidRequestException;

/**
 * The body of vLLM's {@code POST /tokenize}: a text or a conversation.
 *
 * @param model the model asked for, or null
 * @param prompt the text, or null if it is a conversation
 * @param chat the conversation, or null if it is a text
 * @param returnTokenStrs whether the tokens are told as text too
 */
public record TokenizeRequest(String model, String prompt, ChatCompletionRequest chat, boolean returnTokenStrs) {

    /**
     * Reads JSON in UTF-8, UTF-16 or UTF-32. {@code add_special_tokens} changes nothing, since a Qwen2-VL puts no tokens
     * around a text.
     *
     * @throws InvalidRequestException if it is not JSON, or a field has another type than it must have
     */
    public static TokenizeRequest read(byte[] body) {
        JsonValue root = Json.parse(body).requireObject();
        root.get("add_special_tokens").bool();
        boolean returnTokenStrs =
                Boolean.TRUE.equals(root.get("return_token_strs").bool());
        String model = root.get("model").string();
        String prompt = root.get("prompt").string();
        if (prompt != null) {
            return new TokenizeRequest(model, prompt, null, returnTokenStrs);
        }
        if (root.get("messages").isAbsent()) {
            throw new InvalidRequestException("prompt", "is missing, and so is messages: send one of them");
        }
        return new TokenizeRequest(model, null, ChatCompletionReader.read(root), returnTokenStrs);
    }
}
