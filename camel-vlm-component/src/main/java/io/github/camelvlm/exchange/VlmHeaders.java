package io.github.camelvlm.exchange;

import org.apache.camel.spi.Metadata;

/** The headers of the component. Those that Camel's openai component has too are named as there, with Vlm for OpenAI. */
public class VlmHeaders {

    @Metadata(
            description =
                    "The question or instruction that goes with the picture; an empty one is none, so that the option applies",
            javaType = "String")
    public static final String PROMPT = "CamelVlmPrompt";

    @Metadata(
            description =
                    "The question or instruction that goes with the picture, named as in Camel's openai component;"
                            + " CamelVlmPrompt comes first",
            javaType = "String")
    public static final String USER_MESSAGE = "CamelVlmUserMessage";

    @Metadata(description = "The system message that precedes the conversation", javaType = "String")
    public static final String SYSTEM_MESSAGE = "CamelVlmSystemMessage";

    @Metadata(description = "The most tokens of the answer", javaType = "Integer")
    public static final String MAX_TOKENS = "CamelVlmMaxTokens";

    @Metadata(description = "How freely tokens are drawn, from 0 (always the most likely) to 2", javaType = "Double")
    public static final String TEMPERATURE = "CamelVlmTemperature";

    @Metadata(
            description = "Draw only from the most likely tokens that together have this probability, from 0 to 1",
            javaType = "Double")
    public static final String TOP_P = "CamelVlmTopP";

    @Metadata(description = "Draw only from this many most likely tokens; 0 for all", javaType = "Integer")
    public static final String TOP_K = "CamelVlmTopK";

    @Metadata(description = "Makes tokens that occurred before less likely; 1 changes nothing", javaType = "Double")
    public static final String REPETITION_PENALTY = "CamelVlmRepetitionPenalty";

    @Metadata(
            description = "Makes tokens that the answer holds already less likely, from -2 to 2; 0 changes nothing",
            javaType = "Double")
    public static final String PRESENCE_PENALTY = "CamelVlmPresencePenalty";

    @Metadata(
            description =
                    "Whether the answer is ended where it repeats itself: auto (if it is about a document), on or off; for chat"
                            + " the field repetition_detection of the request comes first",
            javaType = "String")
    public static final String REPETITION_GUARD = "CamelVlmRepetitionGuard";

    @Metadata(description = "Texts before which the answer ends", javaType = "String or Collection<String>")
    public static final String STOP = "CamelVlmStop";

    @Metadata(
            description =
                    "The JSON Schema that the answer must satisfy; for chat the field response_format of the request comes"
                            + " first",
            javaType = "String or Map or com.fasterxml.jackson.databind.JsonNode")
    public static final String JSON_SCHEMA = "CamelVlmJsonSchema";

    @Metadata(
            description =
                    "The class, or its name, of whose JSON the answer must be; of extract the body becomes an instance of it",
            javaType = "String or Class")
    public static final String OUTPUT_CLASS = "CamelVlmOutputClass";

    @Metadata(
            description = "The texts of which the answer is one; as String they are separated by commas",
            javaType = "String or Collection<String>")
    public static final String CHOICES = "CamelVlmChoices";

    @Metadata(
            description = "The regular expression, as Python's re reads it, that the answer must match as a whole",
            javaType = "String")
    public static final String REGEX = "CamelVlmRegex";

    @Metadata(description = "Decides the random draws, so that an answer can be had again", javaType = "Long")
    public static final String SEED = "CamelVlmSeed";

    @Metadata(description = "The fewest pixels a picture has when the model sees it", javaType = "Integer")
    public static final String MIN_PIXELS = "CamelVlmMinPixels";

    @Metadata(description = "The most pixels a picture has when the model sees it", javaType = "Integer")
    public static final String MAX_PIXELS = "CamelVlmMaxPixels";

    @Metadata(description = "The milliseconds after which the answer is cut", javaType = "Long")
    public static final String TIME_LIMIT = "CamelVlmTimeLimit";

    @Metadata(
            description =
                    "The name of one of the models that the option models names, which is asked; for chat, tokenize and"
                            + " detokenize the field model of the request comes first. The operation models tells of it alone"
                            + " instead of listing all",
            javaType = "String")
    public static final String MODEL = "CamelVlmModel";

    @Metadata(
            description =
                    "The name of the adapter that answers, of those that the option adapters names; for chat the field model"
                            + " of the request comes first",
            javaType = "String")
    public static final String ADAPTER = "CamelVlmAdapter";

    @Metadata(
            description =
                    "Whether the body becomes an Iterator of chunks instead of the whole answer; for chat the field stream"
                            + " of the request comes first",
            javaType = "Boolean")
    public static final String STREAMING = "CamelVlmStreaming";

    @Metadata(
            description =
                    "Ends the generation when it completes, as by a client that leaves; the answer so far remains."
                            + " Pictures that are still being fetched or decoded are given up, and the message fails",
            javaType = "java.util.concurrent.CompletionStage")
    public static final String CANCELLATION = "CamelVlmCancellation";

    @Metadata(
            description = "What the operation detect looks for; CamelVlmPrompt asks in other words instead",
            javaType = "String or Collection<String>")
    public static final String LABELS = "CamelVlmLabels";

    @Metadata(
            description =
                    "What the operation detect has found, with the option annotate, which makes a picture of the body: per"
                            + " object its label and its box as x1, y1, x2, y2 in pixels of the picture as it came",
            javaType = "List<Map<String, Object>>")
    public static final String BOXES = "CamelVlmBoxes";

    @Metadata(
            description = "Why the answer ended: stop, tool_calls, length, repetition, cancelled or time_limit",
            javaType = "String")
    public static final String FINISH_REASON = "CamelVlmFinishReason";

    @Metadata(
            description =
                    "How sure the model was: the mean probability of the answer's tokens, from 0 to 1, the one that ended it"
                            + " included. Set by describe, detect and extract, and by chat where the request asks for"
                            + " logprobs. Not set of an answer that is streamed, and of one from a server that does not tell"
                            + " the probabilities of its tokens",
            javaType = "Double")
    public static final String CONFIDENCE = "CamelVlmConfidence";

    @Metadata(
            description =
                    "How sure the model was of each value that extract found: the least probability of the value's tokens,"
                            + " by its JSON Pointer, such as /total or /items/0/price",
            javaType = "Map<String, Double>")
    public static final String FIELD_CONFIDENCE = "CamelVlmFieldConfidence";

    @Metadata(
            description = "The probability of each of the choices that classify compares, which together are 1",
            javaType = "Map<String, Double>")
    public static final String SCORES = "CamelVlmScores";

    @Metadata(
            description =
                    "The natural logarithm of the answer's probability, the sum over its tokens; set by describe and extract, and"
                            + " by chat where the request asks for logprobs. Of several answers the first one's",
            javaType = "Double")
    public static final String LOGPROB = "CamelVlmLogprob";

    @Metadata(description = "The tokens of the prompt, those of pictures included", javaType = "Integer")
    public static final String PROMPT_TOKENS = "CamelVlmPromptTokens";

    @Metadata(
            description = "The tokens of the prompt that were not computed, since an earlier prompt began with them",
            javaType = "Integer")
    public static final String CACHED_TOKENS = "CamelVlmCachedTokens";

    @Metadata(description = "The tokens of the answer", javaType = "Integer")
    public static final String COMPLETION_TOKENS = "CamelVlmCompletionTokens";

    @Metadata(description = "The tokens of prompt and answer together", javaType = "Integer")
    public static final String TOTAL_TOKENS = "CamelVlmTotalTokens";

    @Metadata(description = "The name of the model that answered", javaType = "String")
    public static final String RESPONSE_MODEL = "CamelVlmResponseModel";

    @Metadata(description = "The id of the completion, set by the operation chat and with chunks", javaType = "String")
    public static final String RESPONSE_ID = "CamelVlmResponseId";

    @Metadata(description = "The milliseconds until the first token of the answer was known", javaType = "Long")
    public static final String TIME_TO_FIRST_TOKEN_MILLIS = "CamelVlmTimeToFirstTokenMillis";

    @Metadata(description = "The milliseconds until the answer was complete", javaType = "Long")
    public static final String TOTAL_MILLIS = "CamelVlmTotalMillis";

    @Metadata(description = "The number of pictures", javaType = "Integer")
    public static final String IMAGE_COUNT = "CamelVlmImageCount";

    @Metadata(description = "The width of the first picture as it came, in pixels", javaType = "Integer")
    public static final String IMAGE_WIDTH = "CamelVlmImageWidth";

    @Metadata(description = "The height of the first picture as it came, in pixels", javaType = "Integer")
    public static final String IMAGE_HEIGHT = "CamelVlmImageHeight";

    /** The exchange property that holds a conversation, unless the option conversationHistoryProperty names another. */
    public static final String CONVERSATION_HISTORY = "CamelVlmConversationHistory";

    /** The exchange property that holds the whole answer, with the option storeFullResponse. */
    public static final String RESPONSE = "CamelVlmResponse";

    /**
     * The exchange property that says whose a request is, such as a digest of its API key: a picture to which a request gave a
     * {@code uuid} is known to requests of the same owner alone.
     */
    public static final String OWNER = "CamelVlmOwner";

    /** The exchange property with a {@link PageLog}, which is told of the pages of a document one after the other. */
    public static final String PAGE_LOG = "CamelVlmPageLog";

    /** For the class that is the face of these names. */
    protected VlmHeaders() {}

    @Metadata(description = "The pages of a document that are shown, such as 1-3,7,last", javaType = "String")
    public static final String PAGES = "CamelVlmPages";

    @Metadata(description = "How many pixels an inch of a PDF becomes", javaType = "Integer")
    public static final String DPI = "CamelVlmDpi";

    @Metadata(
            description = "Ask about each page of a document, and each picture of a list, by itself",
            javaType = "Boolean")
    public static final String PER_PAGE = "CamelVlmPerPage";

    @Metadata(description = "Opens a PDF that is encrypted", javaType = "String")
    public static final String DOCUMENT_PASSWORD = "CamelVlmDocumentPassword";

    @Metadata(description = "How many frames of each second of a video are shown", javaType = "Double")
    public static final String FPS = "CamelVlmFps";

    @Metadata(
            description = "By whose rules frames of a video are chosen and sized: qwen or llama-factory",
            javaType = "String")
    public static final String VIDEO_PROFILE = "CamelVlmVideoProfile";

    @Metadata(description = "The most frames to which a video is sampled", javaType = "Integer")
    public static final String VIDEO_MAXLEN = "CamelVlmVideoMaxlen";

    @Metadata(
            description = "The fewest pixels of a video's frame when the model sees it, where not those of a picture",
            javaType = "Integer")
    public static final String VIDEO_MIN_PIXELS = "CamelVlmVideoMinPixels";

    @Metadata(
            description = "The most pixels of a video's frame when the model sees it, where not those of a picture",
            javaType = "Integer")
    public static final String VIDEO_MAX_PIXELS = "CamelVlmVideoMaxPixels";

    @Metadata(description = "Take a list of pictures as the frames of a video", javaType = "Boolean")
    public static final String VIDEO = "CamelVlmVideo";

    @Metadata(
            description =
                    "What an animated GIF, WebP or PNG file is taken as: picture, its first frame, or video, all its frames",
            javaType = "String")
    public static final String ANIMATION = "CamelVlmAnimation";

    @Metadata(
            description =
                    "With perPage, why there is no answer to a page, by its place in the list, from 1; only where there is such a page",
            javaType = "Map<Integer, String>")
    public static final String PAGE_FAILURES = "CamelVlmPageFailures";

    @Metadata(
            description =
                    "With perPage, why the answer to a page ended if the model did not end it, such as length or repetition, by its"
                            + " place in the list, from 1; only where there is such a page",
            javaType = "Map<Integer, String>")
    public static final String PAGE_FINISH_REASONS = "CamelVlmPageFinishReasons";
}
