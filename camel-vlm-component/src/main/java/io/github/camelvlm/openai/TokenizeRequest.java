package io.github.camelvlm.openai;

import io.github.camelvlm.chat.InvalidRequestException;

/**
 * The body of vLLM's {@code POST /tokenize}: a text or a conversation.
 *
 * @param model the model asked for, or null
 * @param prompt the text, or null if it is a conversation
 * @param chat the conversation, or null if it is a text
 * @param addSpecialTokens whether special tokens written in the text are recognized; those of messages never are
 * @param returnTokenStrs whether the tokens are told as text too
 */
public record TokenizeRequest(
        String model, String prompt, ChatCompletionRequest chat, boolean addSpecialTokens, boolean returnTokenStrs) {

    /**
     * Reads JSON in UTF-8, UTF-16 or UTF-32. {@code add_special_tokens} is true for a text unless it says otherwise, as
     * in vLLM. A Qwen-VL puts no tokens around a text, so all that it changes is what becomes of those in it.
     *
     * @throws InvalidRequestException if it is not JSON, or a field has another type than it must have
     */
    public static TokenizeRequest read(byte[] body) {
        JsonValue root = Json.parse(body).requireObject();
        boolean addSpecialTokens =
                !Boolean.FALSE.equals(root.get("add_special_tokens").bool());
        boolean returnTokenStrs =
                Boolean.TRUE.equals(root.get("return_token_strs").bool());
        String model = root.get("model").string();
        String prompt = root.get("prompt").string();
        if (prompt != null) {
            return new TokenizeRequest(model, prompt, null, addSpecialTokens, returnTokenStrs);
        }
        if (root.get("messages").isAbsent()) {
            throw new InvalidRequestException("prompt", "is missing, and so is messages: send one of them");
        }
        return new TokenizeRequest(model, null, ChatCompletionReader.read(root), false, returnTokenStrs);
    }
}
