package io.github.camelvlm.springai;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.DefaultToolCallingChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;

/** Spring AI's options, and the JSON Schema that an answer satisfies. What they leave open is as the component's say. */
public class VlmChatOptions extends DefaultToolCallingChatOptions implements StructuredOutputChatOptions {
    private String outputSchema;

    /** The JSON Schema that an answer must satisfy; null for any text. */
    @Override
    public String getOutputSchema() {
        return outputSchema;
    }

    @Override
    public void setOutputSchema(String outputSchema) {
        this.outputSchema = outputSchema;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends ChatOptions> T copy() {
        VlmChatOptions copy = new VlmChatOptions();
        copy.setModel(getModel());
        copy.setFrequencyPenalty(getFrequencyPenalty());
        copy.setMaxTokens(getMaxTokens());
        copy.setPresencePenalty(getPresencePenalty());
        copy.setStopSequences(getStopSequences() == null ? null : new ArrayList<>(getStopSequences()));
        copy.setTemperature(getTemperature());
        copy.setTopK(getTopK());
        copy.setTopP(getTopP());
        copy.setToolCallbacks(new ArrayList<>(getToolCallbacks()));
        copy.setToolNames(new HashSet<>(getToolNames()));
        copy.setToolContext(new HashMap<>(getToolContext()));
        copy.setInternalToolExecutionEnabled(getInternalToolExecutionEnabled());
        copy.setOutputSchema(outputSchema);
        return (T) copy;
    }
}
