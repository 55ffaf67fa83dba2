package io.github.camelvlm.responses;

import io.github.camelvlm.openai.ChoiceLogprobs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One element of {@code output}. */
sealed interface OutputItem {
    /** An item as JSON writes it. */
    Map<String, Object> json(String id, String status);

    /** What the ids of such items begin with. */
    String prefix();

    /** A new id that begins as its kind has it. */
    static String id(String prefix) {
        return prefix + UUID.randomUUID().toString().replace("-", "");
    }

    /**
     * What the model says.
     *
     * @param logprobs of its tokens; empty if they were not asked for
     */
    record Text(String text, List<ChoiceLogprobs.Token> logprobs) implements OutputItem {
        @Override
        public String prefix() {
            return "msg_";
        }

        @Override
        public Map<String, Object> json(String id, String status) {
            return json(id, status, List.of(part()));
        }

        /** An item whose content is not there yet. */
        static Map<String, Object> json(String id, String status, List<?> content) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("id", id);
            item.put("type", "message");
            item.put("status", status);
            item.put("role", "assistant");
            item.put("content", content);
            return item;
        }

        Map<String, Object> part() {
            Map<String, Object> part = new LinkedHashMap<>();
            part.put("type", "output_text");
            part.put("text", text);
            part.put("annotations", List.of());
            part.put("logprobs", logprobs);
            return part;
        }
    }

    /** A tool that the model calls. */
    record Call(String callId, String name, String arguments) implements OutputItem {
        @Override
        public String prefix() {
            return "fc_";
        }

        @Override
        public Map<String, Object> json(String id, String status) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("id", id);
            item.put("type", "function_call");
            item.put("status", status);
            item.put("call_id", callId);
            item.put("name", name);
            item.put("arguments", arguments);
            return item;
        }
    }
}
