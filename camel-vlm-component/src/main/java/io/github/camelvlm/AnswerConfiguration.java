package io.github.camelvlm;

import io.github.camelvlm.exchange.MessageOptions;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options that say how the tokens of an answer are drawn, where it ends, and which form it has. */
@UriParams
public abstract class AnswerConfiguration extends MediaConfiguration implements MessageOptions {
    @UriParam(defaultValue = "1024")
    @Metadata(description = "The most tokens of an answer", defaultValue = "1024")
    private Integer maxTokens = 1024;

    @UriParam(javaType = "double")
    @Metadata(
            description = "How freely tokens are drawn, from 0 (always the most likely) to 2; the model's own value by"
                    + " default")
    private Double temperature;

    @UriParam(javaType = "double")
    @Metadata(
            description = "Draw only from the most likely tokens that together have this probability, from 0 to 1; the"
                    + " model's own value by default")
    private Double topP;

    @UriParam
    @Metadata(description = "Draw only from this many most likely tokens, 0 for all; the model's own value by default")
    private Integer topK;

    @UriParam(javaType = "double")
    @Metadata(
            description = "Makes tokens that occurred before less likely, 1 changes nothing; the model's own value by"
                    + " default")
    private Double repetitionPenalty;

    @UriParam(javaType = "double")
    @Metadata(
            description = "What tokens that the answer holds already are made less likely by, from -2 to 2, 0 changes"
                    + " nothing; the model's own value by default. For Qwen3-VL its makers recommend 1.5")
    private Double presencePenalty;

    @UriParam(defaultValue = "auto", enums = "auto,on,off")
    @Metadata(
            description =
                    "Whether an answer is ended where it repeats itself: the same passage three times or more, of 64 tokens"
                            + " in all, or of 1024 in all where the answer must have a form. auto ends those about documents. For"
                            + " chat the field repetition_detection of the request comes first",
            defaultValue = "auto",
            enums = "auto,on,off")
    private String repetitionGuard = "auto";

    @UriParam
    @Metadata(
            description =
                    "Text before which the answer ends; several are separated by commas. The header CamelVlmStop takes"
                            + " texts that contain commas")
    private String stop;

    @UriParam
    @Metadata(
            description = "The JSON Schema that answers must satisfy: the schema itself, or where it is, as"
                    + " resource:classpath:schema.json or resource:file:schema.json. For chat the field"
                    + " response_format of the request comes first. Of jsonSchema, outputClass, choices and regex one"
                    + " may be set",
            supportFileReference = true,
            largeInput = true,
            inputLanguage = "json")
    private String jsonSchema;

    @UriParam
    @Metadata(
            description = "The class of whose JSON answers must be, by its name; a schema is made of it by the library"
                    + " com.github.victools:jsonschema-generator with its module for Jackson, which are optional. Of"
                    + " extract the body becomes an instance of it")
    private String outputClass;

    @UriParam
    @Metadata(
            description =
                    "The texts of which an answer is one, separated by commas. The header CamelVlmChoices takes texts that"
                            + " contain commas")
    private String choices;

    @UriParam
    @Metadata(
            description =
                    "The regular expression that an answer must match as a whole, as Python's re reads it, without"
                            + " look-around and back-references")
    private String regex;

    @UriParam
    @Metadata(description = "Decides the random draws, so that an answer can be had again")
    private Long seed;

    @UriParam(defaultValue = "0", javaType = "java.time.Duration")
    @Metadata(
            description =
                    "The time after which an answer is cut, in milliseconds or as 30s or 2m, waiting included; 0 for no"
                            + " limit",
            label = "advanced",
            defaultValue = "0",
            javaType = "java.time.Duration")
    private long timeLimit;

    @Override
    public Integer getMaxTokens() {
        return maxTokens;
    }

    public void setMaxTokens(Integer maxTokens) {
        this.maxTokens = maxTokens;
    }

    @Override
    public Double getTemperature() {
        return temperature;
    }

    public void setTemperature(Double temperature) {
        this.temperature = temperature;
    }

    @Override
    public Double getTopP() {
        return topP;
    }

    public void setTopP(Double topP) {
        this.topP = topP;
    }

    @Override
    public Integer getTopK() {
        return topK;
    }

    public void setTopK(Integer topK) {
        this.topK = topK;
    }

    @Override
    public Double getRepetitionPenalty() {
        return repetitionPenalty;
    }

    public void setRepetitionPenalty(Double repetitionPenalty) {
        this.repetitionPenalty = repetitionPenalty;
    }

    @Override
    public Double getPresencePenalty() {
        return presencePenalty;
    }

    public void setPresencePenalty(Double presencePenalty) {
        this.presencePenalty = presencePenalty;
    }

    @Override
    public String getRepetitionGuard() {
        return repetitionGuard;
    }

    public void setRepetitionGuard(String repetitionGuard) {
        this.repetitionGuard = repetitionGuard;
    }

    @Override
    public String getStop() {
        return stop;
    }

    public void setStop(String stop) {
        this.stop = stop;
    }

    @Override
    public String getJsonSchema() {
        return jsonSchema;
    }

    public void setJsonSchema(String jsonSchema) {
        this.jsonSchema = jsonSchema;
    }

    @Override
    public String getOutputClass() {
        return outputClass;
    }

    public void setOutputClass(String outputClass) {
        this.outputClass = outputClass;
    }

    @Override
    public String getChoices() {
        return choices;
    }

    public void setChoices(String choices) {
        this.choices = choices;
    }

    @Override
    public String getRegex() {
        return regex;
    }

    public void setRegex(String regex) {
        this.regex = regex;
    }

    @Override
    public Long getSeed() {
        return seed;
    }

    public void setSeed(Long seed) {
        this.seed = seed;
    }

    @Override
    public long getTimeLimit() {
        return timeLimit;
    }

    public void setTimeLimit(long timeLimit) {
        this.timeLimit = timeLimit;
    }
}
