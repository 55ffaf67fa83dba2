package io.github.camelvlm.springboot;

import io.github.camelvlm.VlmModel;
import io.github.camelvlm.springai.VlmChatModel;
import org.apache.camel.CamelContext;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * Makes the component's model a chat model of Spring AI where that is on the class path and {@code
 * camel.component.vlm.model} is set. As with Spring AI's own, {@code spring.ai.model.chat} with another value than {@code
 * vlm} leaves it out.
 */
@AutoConfiguration(after = VlmAutoConfiguration.class)
@ConditionalOnClass(ChatModel.class)
@ConditionalOnBean(CamelContext.class)
@ConditionalOnProperty(name = "camel.component.vlm.model")
@ConditionalOnProperty(name = "spring.ai.model.chat", havingValue = "vlm", matchIfMissing = true)
public class VlmChatModelAutoConfiguration {

    /** The component's model, closed with the Camel context. */
    @Bean
    @ConditionalOnMissingBean
    public VlmModel vlmModel(CamelContext camel) {
        return VlmModel.of(camel);
    }

    /** @param tools runs the tools that the model calls; Spring AI's default where there is no bean */
    @Bean
    @ConditionalOnMissingBean
    public VlmChatModel vlmChatModel(VlmModel model, ObjectProvider<ToolCallingManager> tools) {
        return new VlmChatModel(
                model, tools.getIfAvailable(() -> ToolCallingManager.builder().build()));
    }
}
