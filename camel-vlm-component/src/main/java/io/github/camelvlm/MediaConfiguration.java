package io.github.camelvlm;

import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.exchange.MediaOptions;
import io.github.camelvlm.registry.EngineConfiguration;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;

/** The options that say which pictures, documents and videos are taken, from where, and how they are shown. */
@UriParams
public class MediaConfiguration extends EngineConfiguration implements MediaOptions {
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

    @UriParam(defaultValue = "768")
    @Metadata(
            description =
                    "The most frames of a video that are shown to the model; of a longer one fewer of each second are",
            label = "advanced",
            defaultValue = "768")
    private int maxFrames = FrameSampling.DEFAULT_MAX_FRAMES;

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

    @UriParam
    @Metadata(description = "The pages of a document that are shown, such as 1-3,7,last; all by default")
    private String pages;

    @UriParam
    @Metadata(
            description =
                    "How many pixels an inch of a PDF becomes; by default as many as the model sees of a page, and never more",
            label = "advanced")
    private Integer dpi;

    @UriParam
    @Metadata(
            description =
                    "Ask about each page of a document, and each picture of a list, by itself: the body becomes the list of the answers. Otherwise one answer tells of all")
    private boolean perPage;

    @UriParam(defaultValue = "50")
    @Metadata(
            description =
                    "The most pages that are shown of one document; one with more is refused, unless pages chooses some",
            label = "advanced",
            defaultValue = "50")
    private int maxPages = 50;

    @UriParam
    @Metadata(description = "Opens a PDF that is encrypted", label = "security", secret = true)
    private String documentPassword;

    @UriParam(javaType = "double")
    @Metadata(
            description =
                    "How many frames of each second of a video are shown; 2 by default. Those of a list of pictures with video=true make as many a second",
            label = "advanced")
    private Double fps;

    @UriParam(defaultValue = "qwen", enums = "qwen,llama-factory")
    @Metadata(
            description =
                    "By whose rules frames of a video are chosen and sized: qwen, those of Qwen's own examples, or"
                            + " llama-factory, for models that LLaMA-Factory has fine-tuned on videos",
            label = "advanced",
            defaultValue = "qwen",
            enums = "qwen,llama-factory")
    private String videoProfile = "qwen";

    @UriParam
    @Metadata(
            description =
                    "The most frames to which a video is sampled, video_maxlen of LLaMA-Factory; by default 128 with"
                            + " videoProfile=llama-factory, else maxFrames",
            label = "advanced")
    private Integer videoMaxlen;

    @UriParam
    @Metadata(
            description = "The fewest pixels of a video's frame when the model sees it; by default minPixels, or what"
                    + " videoProfile has",
            label = "advanced")
    private Integer videoMinPixels;

    @UriParam
    @Metadata(
            description = "The most pixels of a video's frame when the model sees it; by default maxPixels, or what"
                    + " videoProfile has",
            label = "advanced")
    private Integer videoMaxPixels;

    @UriParam
    @Metadata(description = "Take a list of pictures as the frames of a video", label = "advanced")
    private boolean video;

    @UriParam(enums = "picture,video", defaultValue = "picture")
    @Metadata(
            description =
                    "What an animated GIF, WebP or PNG file is taken as: a picture, its first frame, or a video of all its frames",
            label = "advanced",
            enums = "picture,video",
            defaultValue = "picture")
    private String animation = "picture";

    @Override
    public Integer getMinPixels() {
        return minPixels;
    }

    public void setMinPixels(Integer minPixels) {
        this.minPixels = minPixels;
    }

    @Override
    public Integer getMaxPixels() {
        return maxPixels;
    }

    public void setMaxPixels(Integer maxPixels) {
        this.maxPixels = maxPixels;
    }

    @Override
    public int getMaxImageBytes() {
        return maxImageBytes;
    }

    public void setMaxImageBytes(int maxImageBytes) {
        this.maxImageBytes = maxImageBytes;
    }

    @Override
    public int getMaxImages() {
        return maxImages;
    }

    public void setMaxImages(int maxImages) {
        this.maxImages = maxImages;
    }

    @Override
    public int getMaxFrames() {
        return maxFrames;
    }

    public void setMaxFrames(int maxFrames) {
        this.maxFrames = maxFrames;
    }

    @Override
    public String getAllowedDirectories() {
        return allowedDirectories;
    }

    public void setAllowedDirectories(String allowedDirectories) {
        this.allowedDirectories = allowedDirectories;
    }

    @Override
    public String getAllowedHosts() {
        return allowedHosts;
    }

    public void setAllowedHosts(String allowedHosts) {
        this.allowedHosts = allowedHosts;
    }

    @Override
    public boolean isAllowPrivateAddresses() {
        return allowPrivateAddresses;
    }

    public void setAllowPrivateAddresses(boolean allowPrivateAddresses) {
        this.allowPrivateAddresses = allowPrivateAddresses;
    }

    @Override
    public long getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(long connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    @Override
    public long getFetchTimeout() {
        return fetchTimeout;
    }

    public void setFetchTimeout(long fetchTimeout) {
        this.fetchTimeout = fetchTimeout;
    }

    @Override
    public String getPages() {
        return pages;
    }

    public void setPages(String pages) {
        this.pages = pages;
    }

    @Override
    public Integer getDpi() {
        return dpi;
    }

    public void setDpi(Integer dpi) {
        this.dpi = dpi;
    }

    @Override
    public boolean isPerPage() {
        return perPage;
    }

    public void setPerPage(boolean perPage) {
        this.perPage = perPage;
    }

    @Override
    public int getMaxPages() {
        return maxPages;
    }

    public void setMaxPages(int maxPages) {
        this.maxPages = maxPages;
    }

    @Override
    public String getDocumentPassword() {
        return documentPassword;
    }

    public void setDocumentPassword(String documentPassword) {
        this.documentPassword = documentPassword;
    }

    @Override
    public Double getFps() {
        return fps;
    }

    public void setFps(Double fps) {
        this.fps = fps;
    }

    @Override
    public String getVideoProfile() {
        return videoProfile;
    }

    public void setVideoProfile(String videoProfile) {
        this.videoProfile = videoProfile;
    }

    @Override
    public Integer getVideoMaxlen() {
        return videoMaxlen;
    }

    public void setVideoMaxlen(Integer videoMaxlen) {
        this.videoMaxlen = videoMaxlen;
    }

    @Override
    public Integer getVideoMinPixels() {
        return videoMinPixels;
    }

    public void setVideoMinPixels(Integer videoMinPixels) {
        this.videoMinPixels = videoMinPixels;
    }

    @Override
    public Integer getVideoMaxPixels() {
        return videoMaxPixels;
    }

    public void setVideoMaxPixels(Integer videoMaxPixels) {
        this.videoMaxPixels = videoMaxPixels;
    }

    @Override
    public boolean isVideo() {
        return video;
    }

    public void setVideo(boolean video) {
        this.video = video;
    }

    @Override
    public String getAnimation() {
        return animation;
    }

    public void setAnimation(String animation) {
        this.animation = animation;
    }
}
