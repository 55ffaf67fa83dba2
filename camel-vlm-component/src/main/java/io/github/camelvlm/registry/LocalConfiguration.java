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
 * The options that say how a model in this JVM is loaded and computes. Each stands here twice, as Camel's and in
 * {@link #local}, and once in {@link EngineOptions}; that endpoints which share an engine say it alike is seen there, whatever
 * it is.
 */
@UriParams
public class LocalConfiguration {
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
}
