package io.github.camelvlm;

import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options of the component and its endpoints. */
@Configurer
@UriParams
public class VlmConfiguration implements Cloneable {
    public static final String DEFAULT_PROMPT = "Describe this image.";

    @UriParam
    @Metadata(
            description =
                    "The model: a directory that holds its config.json and safetensors files, or the id of a model on"
                            + " the Hugging Face Hub, such as Qwen/Qwen2-VL-2B-Instruct, after which an at sign and a"
                            + " branch, tag or commit may stand; it is downloaded if the local Hugging Face cache lacks"
                            + " it")
    private String model;

    @UriParam(defaultValue = "huggingface", enums = "huggingface,modelscope")
    @Metadata(
            description =
                    "Where a model that is not on this machine is downloaded from: huggingface (the Hugging Face Hub, or"
                            + " the mirror that HF_ENDPOINT names) or modelscope",
            label = "advanced",
            defaultValue = "huggingface",
            enums = "huggingface,modelscope")
    private String hub = "huggingface";

    @UriParam(defaultValue = "true")
    @Metadata(
            description =
                    "Whether a model that is not on this machine is downloaded into the Hugging Face cache; HF_HUB_OFFLINE"
                            + " forbids it for all",
            label = "advanced",
            defaultValue = "true")
    private boolean download = true;

    @UriParam
    @Metadata(
            description =
                    "The names that chat requests may ask for the model by, separated by commas; answers to requests that"
                            + " name none have the first. The name of the model's directory by default",
            label = "advanced")
    private String servedModelNames;

    @UriParam
    @Metadata(description = "Answer chat requests whatever model they name", label = "advanced")
    private boolean anyModelName;

    @UriParam(defaultValue = "auto")
    @Metadata(
            description = "Where the model runs: auto (a GPU if there is one), cpu, cuda, or cuda:N for a certain GPU",
            defaultValue = "auto")
    private String device = "auto";

    @UriParam(defaultValue = "auto", enums = "auto,float32,bfloat16,float16")
    @Metadata(
            description =
                    "The number type to compute in: auto takes bfloat16 unless this CPU multiplies faster in float32",
            defaultValue = "auto",
            enums = "auto,float32,bfloat16,float16")
    private String dtype = "auto";

    @UriParam(defaultValue = "none", enums = "none,int8,int4")
    @Metadata(
            description =
                    "How the weights are rounded when the model is loaded, for CPUs: int8 halves the memory and is faster"
                            + " than bfloat16; int4 answers a single request faster still, but takes more memory than int8,"
                            + " whose form it needs too",
            defaultValue = "none",
            enums = "none,int8,int4")
    private String quantization = "none";

    @UriParam(defaultValue = "true")
    @Metadata(
            description =
                    "Copy the weights into the order that the CPU reads fastest, where it pays: answers come faster, the"
                            + " model loads slower",
            label = "advanced",
            defaultValue = "true")
    private boolean packWeights = true;

    @UriParam(defaultValue = "0")
    @Metadata(
            description = "The CPU threads that compute; 0 for as many as the JVM sees processors",
            label = "advanced",
            defaultValue = "0")
    private int threads;

    @UriParam(defaultValue = DEFAULT_PROMPT)
    @Metadata(description = "The question or instruction that goes with the picture", defaultValue = DEFAULT_PROMPT)
    private String prompt = DEFAULT_PROMPT;

    @UriParam
    @Metadata(
            description =
                    "The same as prompt, under the name that Camel's openai component gives it, so that a route can"
                            + " change from one to the other by its URI")
    private String userMessage;

    @UriParam
    @Metadata(description = "The system message that precedes the conversation; without it the model's own applies")
    private String systemMessage;

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

    @UriParam
    @Metadata(
            description =
                    "Text before which the answer ends; several are separated by commas. The header CamelVlmStop takes"
                            + " texts that contain commas")
    private String stop;

    @UriParam
    @Metadata(description = "Decides the random draws, so that an answer can be had again")
    private Long seed;

    @UriParam
    @Metadata(
            description =
                    "The fewest pixels a picture has when the model sees it; smaller ones are enlarged. The model's own"
                            + " value by default",
            label = "advanced")
    private Integer minPixels;

    @UriParam
    @Metadata(
            description =
                    "The most pixels a picture has when the model sees it; larger ones are reduced. Every 784 pixels"
                            + " cost one token, 1024 with Qwen3-VL. By default the model's own value, but at most 1280"
                            + " tokens",
            label = "advanced")
    private Integer maxPixels;

    @UriParam(defaultValue = "64000000")
    @Metadata(
            description = "The most pixels a picture may have at all; a larger one is refused before it is decoded",
            label = "advanced",
            defaultValue = "64000000")
    private long maxImagePixels = 64_000_000;

    @UriParam(defaultValue = "104857600")
    @Metadata(
            description = "The most bytes of a picture's file; a larger one is refused before it is read",
            label = "advanced",
            defaultValue = "104857600")
    private int maxImageBytes = 100 * 1024 * 1024;

    @UriParam(defaultValue = "16")
    @Metadata(
            description = "The most pictures of a message; one with more is refused",
            label = "advanced",
            defaultValue = "16")
    private int maxImages = 16;

    @UriParam
    @Metadata(
            description =
                    "The directories below which the pictures of a chat may be read from files, separated by commas; none"
                            + " by default",
            label = "security")
    private String allowedDirectories;

    @UriParam
    @Metadata(
            description =
                    "The only hosts from which the pictures of a chat are fetched, separated by commas; an asterisk and a"
                            + " dot before a name stand for every name below it. Any by default",
            label = "security")
    private String allowedHosts;

    @UriParam
    @Metadata(
            description =
                    "Whether the pictures of a chat may come from this machine and from private networks, and not only from"
                            + " the public Internet",
            label = "security")
    private boolean allowPrivateAddresses;

    @UriParam(defaultValue = "5000", javaType = "java.time.Duration")
    @Metadata(
            description = "The longest time to connect to the host of a picture, in milliseconds or as 5s",
            label = "advanced",
            defaultValue = "5000",
            javaType = "java.time.Duration")
    private long connectTimeout = 5_000;

    @UriParam(defaultValue = "30000", javaType = "java.time.Duration")
    @Metadata(
            description = "The longest time to fetch a picture, in milliseconds or as 30s",
            label = "advanced",
            defaultValue = "30000",
            javaType = "java.time.Duration")
    private long fetchTimeout = 30_000;

    @UriParam(defaultValue = "0")
    @Metadata(
            description =
                    "The most tokens of prompt and answer together; 0 for as many as the model was made for and memory"
                            + " allows",
            label = "advanced",
            defaultValue = "0")
    private int contextLength;

    @UriParam(defaultValue = "8")
    @Metadata(description = "The most requests that the engine answers at once", label = "advanced", defaultValue = "8")
    private int maxSequences = 8;

    @UriParam(defaultValue = "64")
    @Metadata(
            description = "The most requests that wait for the engine; one more is refused",
            label = "advanced",
            defaultValue = "64")
    private int queueLength = 64;

    @UriParam(defaultValue = "0")
    @Metadata(
            description =
                    "The most bytes that keys and values of the prompts and answers may take; 0 for a quarter of the"
                            + " machine's memory, or four fifths of what the weights leave of a GPU's",
            label = "advanced",
            defaultValue = "0")
    private long kvCacheBytes;

    @UriParam(defaultValue = "500", javaType = "java.time.Duration")
    @Metadata(
            description =
                    "How long answers that are being written may pause, about, while a new request's pictures and prompt"
                            + " are computed, in milliseconds",
            label = "advanced",
            defaultValue = "500",
            javaType = "java.time.Duration")
    private long maxPause = 500;

    @UriParam(defaultValue = "0", javaType = "java.time.Duration")
    @Metadata(
            description =
                    "The time after which an answer is cut, in milliseconds or as 30s or 2m, waiting included; 0 for no"
                            + " limit",
            label = "advanced",
            defaultValue = "0",
            javaType = "java.time.Duration")
    private long timeLimit;

    @UriParam(defaultValue = "10000", javaType = "java.time.Duration")
    @Metadata(
            description =
                    "The longest time for which a context that stops waits for requests to be answered, in milliseconds or"
                            + " as 30s or 2m; of several endpoints the longest counts",
            label = "advanced",
            defaultValue = "10000",
            javaType = "java.time.Duration")
    private long shutdownTimeout = 10_000;

    @UriParam
    @Metadata(
            description =
                    "Put an Iterator of OpenAI chat completion chunks into the body as soon as the answer begins, for"
                            + " split(body()).streaming(), instead of the whole answer. For chat the field stream of the"
                            + " request comes first. The answer is cancelled when the exchange is done")
    private boolean streaming;

    @UriParam
    @Metadata(
            description = "Load the model when the first message comes instead of when the route starts",
            label = "advanced")
    private boolean lazyStart;

    @UriParam
    @Metadata(
            description =
                    "Go on with the conversation of the exchange: what was asked and answered before is put in front of the"
                            + " message, and this question and its answer are added to it. Streamed answers are not added")
    private boolean conversationMemory;

    @UriParam(defaultValue = VlmConstants.CONVERSATION_HISTORY)
    @Metadata(
            description = "The exchange property that holds the conversation, with conversationMemory",
            defaultValue = VlmConstants.CONVERSATION_HISTORY)
    private String conversationHistoryProperty = VlmConstants.CONVERSATION_HISTORY;

    @UriParam
    @Metadata(
            description =
                    "Keep the whole answer as an OpenAI chat completion in the exchange property CamelVlmResponse, unless it"
                            + " is streamed")
    private boolean storeFullResponse;

    @UriParam(defaultValue = "local", enums = "local,remote,auto")
    @Metadata(
            description =
                    "Where the model runs: local (in this JVM), remote (on the servers that baseUrl names), or auto (in this"
                            + " JVM, and what its queue has no place for on the servers)",
            label = "remote",
            defaultValue = "local",
            enums = "local,remote,auto")
    private String engine = "local";

    @UriParam
    @Metadata(
            description =
                    "The base URLs of OpenAI-compatible servers, such as http://gpu1:8000/v1, separated by commas; each"
                            + " request goes to the one with the fewest requests in hand of those that answer",
            label = "remote")
    private String baseUrl;

    @UriParam
    @Metadata(description = "The API key that the servers take", label = "remote,security", secret = true)
    private String apiKey;

    @UriParam
    @Metadata(
            description =
                    "The name of the model on the servers, if it is another one than here; for the engine remote without"
                            + " model it is the first that they tell of",
            label = "remote")
    private String remoteModel;

    @UriParam(defaultValue = "30000", javaType = "java.time.Duration")
    @Metadata(
            description =
                    "How long a request that no server has begun to answer is tried again, in milliseconds or as 30s, when"
                            + " servers are busy, loading or out of reach; never longer than timeLimit",
            label = "remote",
            defaultValue = "30000",
            javaType = "java.time.Duration")
    private long retryTimeout = 30_000;

    /** A configuration of its own with the same values. */
    public VlmConfiguration copy() {
        try {
            return (VlmConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    public String getModel() {
        return model;
    }

    public void setModel(String model) {
        this.model = model;
    }

    public String getHub() {
        return hub;
    }

    public void setHub(String hub) {
        this.hub = hub;
    }

    public boolean isDownload() {
        return download;
    }

    public void setDownload(boolean download) {
        this.download = download;
    }

    public String getServedModelNames() {
        return servedModelNames;
    }

    public void setServedModelNames(String servedModelNames) {
        this.servedModelNames = servedModelNames;
    }

    public boolean isAnyModelName() {
        return anyModelName;
    }

    public void setAnyModelName(boolean anyModelName) {
        this.anyModelName = anyModelName;
    }

    public String getDevice() {
        return device;
    }

    public void setDevice(String device) {
        this.device = device;
    }

    public String getDtype() {
        return dtype;
    }

    public void setDtype(String dtype) {
        this.dtype = dtype;
    }

    public String getQuantization() {
        return quantization;
    }

    public void setQuantization(String quantization) {
        this.quantization = quantization;
    }

    public boolean isPackWeights() {
        return packWeights;
    }

    public void setPackWeights(boolean packWeights) {
        this.packWeights = packWeights;
    }

    public int getThreads() {
        return threads;
    }

    public void setThreads(int threads) {
        this.threads = threads;
    }

    public String getPrompt() {
        return prompt;
    }

    public void setPrompt(String prompt) {
        this.prompt = prompt;
    }

    public String getUserMessage() {
        return userMessage;
    }

    public void setUserMessage(String userMessage) {
        this.userMessage = userMessage;
    }

    public String getSystemMessage() {
        return systemMessage;
    }

    public void setSystemMessage(String systemMessage) {
        this.systemMessage = systemMessage;
    }

    public Integer getMaxTokens() {
        return maxTokens;
    }

    public void setMaxTokens(Integer maxTokens) {
        this.maxTokens = maxTokens;
    }

    public Double getTemperature() {
        return temperature;
    }

    public void setTemperature(Double temperature) {
        this.temperature = temperature;
    }

    public Double getTopP() {
        return topP;
    }

    public void setTopP(Double topP) {
        this.topP = topP;
    }

    public Integer getTopK() {
        return topK;
    }

    public void setTopK(Integer topK) {
        this.topK = topK;
    }

    public Double getRepetitionPenalty() {
        return repetitionPenalty;
    }

    public void setRepetitionPenalty(Double repetitionPenalty) {
        this.repetitionPenalty = repetitionPenalty;
    }

    public String getStop() {
        return stop;
    }

    public void setStop(String stop) {
        this.stop = stop;
    }

    public Long getSeed() {
        return seed;
    }

    public void setSeed(Long seed) {
        this.seed = seed;
    }

    public Integer getMinPixels() {
        return minPixels;
    }

    public void setMinPixels(Integer minPixels) {
        this.minPixels = minPixels;
    }

    public Integer getMaxPixels() {
        return maxPixels;
    }

    public void setMaxPixels(Integer maxPixels) {
        this.maxPixels = maxPixels;
    }

    public long getMaxImagePixels() {
        return maxImagePixels;
    }

    public void setMaxImagePixels(long maxImagePixels) {
        this.maxImagePixels = maxImagePixels;
    }

    public int getMaxImageBytes() {
        return maxImageBytes;
    }

    public void setMaxImageBytes(int maxImageBytes) {
        this.maxImageBytes = maxImageBytes;
    }

    public int getMaxImages() {
        return maxImages;
    }

    public void setMaxImages(int maxImages) {
        this.maxImages = maxImages;
    }

    public String getAllowedDirectories() {
        return allowedDirectories;
    }

    public void setAllowedDirectories(String allowedDirectories) {
        this.allowedDirectories = allowedDirectories;
    }

    public String getAllowedHosts() {
        return allowedHosts;
    }

    public void setAllowedHosts(String allowedHosts) {
        this.allowedHosts = allowedHosts;
    }

    public boolean isAllowPrivateAddresses() {
        return allowPrivateAddresses;
    }

    public void setAllowPrivateAddresses(boolean allowPrivateAddresses) {
        this.allowPrivateAddresses = allowPrivateAddresses;
    }

    public long getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(long connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public long getFetchTimeout() {
        return fetchTimeout;
    }

    public void setFetchTimeout(long fetchTimeout) {
        this.fetchTimeout = fetchTimeout;
    }

    public int getContextLength() {
        return contextLength;
    }

    public void setContextLength(int contextLength) {
        this.contextLength = contextLength;
    }

    public int getMaxSequences() {
        return maxSequences;
    }

    public void setMaxSequences(int maxSequences) {
        this.maxSequences = maxSequences;
    }

    public int getQueueLength() {
        return queueLength;
    }

    public void setQueueLength(int queueLength) {
        this.queueLength = queueLength;
    }

    public long getKvCacheBytes() {
        return kvCacheBytes;
    }

    public void setKvCacheBytes(long kvCacheBytes) {
        this.kvCacheBytes = kvCacheBytes;
    }

    public long getMaxPause() {
        return maxPause;
    }

    public void setMaxPause(long maxPause) {
        this.maxPause = maxPause;
    }

    public long getTimeLimit() {
        return timeLimit;
    }

    public void setTimeLimit(long timeLimit) {
        this.timeLimit = timeLimit;
    }

    public long getShutdownTimeout() {
        return shutdownTimeout;
    }

    public void setShutdownTimeout(long shutdownTimeout) {
        this.shutdownTimeout = shutdownTimeout;
    }

    public boolean isStreaming() {
        return streaming;
    }

    public void setStreaming(boolean streaming) {
        this.streaming = streaming;
    }

    public boolean isLazyStart() {
        return lazyStart;
    }

    public void setLazyStart(boolean lazyStart) {
        this.lazyStart = lazyStart;
    }

    public boolean isConversationMemory() {
        return conversationMemory;
    }

    public void setConversationMemory(boolean conversationMemory) {
        this.conversationMemory = conversationMemory;
    }

    public String getConversationHistoryProperty() {
        return conversationHistoryProperty;
    }

    public void setConversationHistoryProperty(String conversationHistoryProperty) {
        this.conversationHistoryProperty = conversationHistoryProperty;
    }

    public boolean isStoreFullResponse() {
        return storeFullResponse;
    }

    public void setStoreFullResponse(boolean storeFullResponse) {
        this.storeFullResponse = storeFullResponse;
    }

    public String getEngine() {
        return engine;
    }

    public void setEngine(String engine) {
        this.engine = engine;
    }

    public String getBaseUrl() {
        return baseUrl;
    }

    public void setBaseUrl(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    public String getApiKey() {
        return apiKey;
    }

    public void setApiKey(String apiKey) {
        this.apiKey = apiKey;
    }

    public String getRemoteModel() {
        return remoteModel;
    }

    public void setRemoteModel(String remoteModel) {
        this.remoteModel = remoteModel;
    }

    public long getRetryTimeout() {
        return retryTimeout;
    }

    public void setRetryTimeout(long retryTimeout) {
        this.retryTimeout = retryTimeout;
    }
}
