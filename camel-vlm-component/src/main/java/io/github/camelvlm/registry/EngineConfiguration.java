package io.github.camelvlm.registry;

import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options that say which engine an endpoint has: of which models, here or on servers. */
@UriParams
public class EngineConfiguration extends LocalConfiguration {
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
