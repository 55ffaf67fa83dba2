package io.github.camelvlm.registry;

import io.github.camelvlm.engine.EngineOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/**
 * The options that say which engine an endpoint has and how that is made. One of the model in this JVM stands here twice, as
 * Camel's and in {@link #local}, and once in {@link EngineOptions}; that endpoints which share an engine say it alike is
 * seen there, whatever it is.
 */
@UriParams
public class EngineConfiguration {
    @UriParam
    @Metadata(
            description =
                    "The model: a directory that holds its config.json and safetensors files, or the id of a model on"
                            + " the Hugging Face Hub, such as Qwen/Qwen2-VL-2B-Instruct, after which an at sign and a"
                            + " branch, tag or commit may stand; it is downloaded if the local Hugging Face cache lacks"
                            + " it")
    private String model;

    @UriParam
    @Metadata(
            description =
                    "Several models in this process, as name=DIRECTORY, separated by commas; in place of a directory an id"
                            + " on the hub may stand. A request chooses one by its name, in the field model of a chat or the"
                            + " header CamelVlmModel; otherwise the one answers that the option model names, or the first",
            label = "models")
    private String models;

    @UriParam(defaultValue = "demand", enums = "demand,start")
    @Metadata(
            description =
                    "When the models that models names are loaded: demand (when the first request asks for one) or start"
                            + " (with the first endpoint, in their order, as many as fit)",
            label = "models",
            defaultValue = "demand",
            enums = "demand,start")
    private String modelLoading = "demand";

    @UriParam(defaultValue = "0", javaType = "java.time.Duration")
    @Metadata(
            description =
                    "The time without a request after which one of several models is unloaded, in milliseconds or as 10m; 0"
                            + " for as long as no other needs its memory",
            label = "models",
            defaultValue = "0",
            javaType = "java.time.Duration")
    private long modelIdle;

    @UriParam(defaultValue = "0")
    @Metadata(
            description =
                    "The most bytes of a device that several models take together, about; 0 for as many as are free. Those"
                            + " that were asked longest ago make room for one that is asked for",
            label = "models",
            defaultValue = "0")
    private long modelMemory;

    @UriParam
    @Metadata(
            description =
                    "LoRA adapters that become a part of the model when it is loaded: directories as PEFT or LLaMA-Factory"
                            + " save them, or ids on the hub; several are separated by commas, which their names cannot have, and merged in"
                            + " order")
    private String mergeAdapter;

    @UriParam
    @Metadata(
            description =
                    "LoRA adapters beside the model, of which a request chooses one, as name=DIRECTORY; several are"
                            + " separated by commas, which their names cannot have. In place of a directory an id on the hub may stand."
                            + " With models, one whose name begins with a model's and a slash belongs to that, any other"
                            + " to the first")
    private String adapters;

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

    @UriParam(defaultValue = "auto")
    @Metadata(
            description =
                    "Where the model runs: auto (a GPU if there is one), cpu, cuda, or cuda:N for a certain GPU. Several"
                            + " separated by commas have a replica each, and cuda:all stands for every GPU",
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
                            + " than bfloat16; int4 answers a single request faster still, and takes the least memory with the"
                            + " component's own kernels, but more than int8 without. Not for a checkpoint that is quantized already, which needs no"
                            + " option",
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

    @UriParam(defaultValue = "true")
    @Metadata(
            description =
                    "Multiply by the component's own kernels where this build and CPU have them and they are faster; false"
                            + " leaves all arithmetic to libtorch",
            label = "advanced",
            defaultValue = "true")
    private boolean nativeKernels = true;

    @UriParam(defaultValue = "0")
    @Metadata(
            description = "The CPU threads that compute; 0 for as many as the JVM sees processors",
            label = "advanced",
            defaultValue = "0")
    private int threads;

    @UriParam(defaultValue = "64000000")
    @Metadata(
            description = "The most pixels a picture may have at all; a larger one is refused before it is decoded",
            label = "advanced",
            defaultValue = "64000000")
    private long maxImagePixels = 64_000_000;

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

    @UriParam(defaultValue = "auto", enums = "auto,off")
    @Metadata(
            description =
                    "Whether tokens that are likely to come next, since the form of the answer or a repetition suggests"
                            + " them, are computed along with others, so that answers take fewer steps and stay the same:"
                            + " auto or off",
            label = "advanced",
            defaultValue = "auto",
            enums = "auto,off")
    private String speculation = "auto";

    @UriParam(defaultValue = "10000", javaType = "java.time.Duration")
    @Metadata(
            description =
                    "The longest time for which a context that stops waits for requests to be answered, in milliseconds or"
                            + " as 30s or 2m; of several endpoints the longest counts",
            label = "advanced",
            defaultValue = "10000",
            javaType = "java.time.Duration")
    private long shutdownTimeout = 10_000;

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

    /**
     * The options of an engine of the model in a directory.
     *
     * @param merged the directories of the adapters that become a part of it
     * @param beside those of the adapters that requests choose, by their names
     * @param name what answers report
     */
    EngineOptions local(Path directory, List<Path> merged, Map<String, Path> beside, String name) {
        return new EngineOptions(
                directory,
                merged,
                beside,
                name,
                device,
                dtype,
                quantization,
                packWeights,
                nativeKernels,
                threads,
                contextLength,
                maxSequences,
                queueLength,
                kvCacheBytes,
                Duration.ofMillis(maxPause),
                maxImagePixels,
                speculation);
    }

    public String getModel() {
        return model;
    }

    public void setModel(String model) {
        this.model = model;
    }

    public String getModels() {
        return models;
    }

    public void setModels(String models) {
        this.models = models;
    }

    public String getModelLoading() {
        return modelLoading;
    }

    public void setModelLoading(String modelLoading) {
        this.modelLoading = modelLoading;
    }

    public long getModelIdle() {
        return modelIdle;
    }

    public void setModelIdle(long modelIdle) {
        this.modelIdle = modelIdle;
    }

    public long getModelMemory() {
        return modelMemory;
    }

    public void setModelMemory(long modelMemory) {
        this.modelMemory = modelMemory;
    }

    public String getMergeAdapter() {
        return mergeAdapter;
    }

    public void setMergeAdapter(String mergeAdapter) {
        this.mergeAdapter = mergeAdapter;
    }

    public String getAdapters() {
        return adapters;
    }

    public void setAdapters(String adapters) {
        this.adapters = adapters;
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

    public boolean isNativeKernels() {
        return nativeKernels;
    }

    public void setNativeKernels(boolean nativeKernels) {
        this.nativeKernels = nativeKernels;
    }

    public int getThreads() {
        return threads;
    }

    public void setThreads(int threads) {
        this.threads = threads;
    }

    public long getMaxImagePixels() {
        return maxImagePixels;
    }

    public void setMaxImagePixels(long maxImagePixels) {
        this.maxImagePixels = maxImagePixels;
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

    public String getSpeculation() {
        return speculation;
    }

    public void setSpeculation(String speculation) {
        this.speculation = speculation;
    }

    public long getShutdownTimeout() {
        return shutdownTimeout;
    }

    public void setShutdownTimeout(long shutdownTimeout) {
        this.shutdownTimeout = shutdownTimeout;
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
