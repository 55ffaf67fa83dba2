package io.github.camelvlm.exchange;

/** The options of an endpoint that say which pictures, documents and videos its messages may hold, and how they are shown. */
public interface MediaOptions {
    /** The fewest pixels of a picture as the model sees it; null for the model's own. */
    Integer getMinPixels();

    /** The most of them; null for the model's own. */
    Integer getMaxPixels();

    /** The most pictures of a message. */
    int getMaxImages();

    /** The most frames of a video. */
    int getMaxFrames();

    /** Below which pictures may be read from files, separated by commas; null for none. */
    String getAllowedDirectories();

    /** From which alone pictures are fetched, separated by commas; null for any. */
    String getAllowedHosts();

    /** Whether they may be of this machine and of private networks. */
    boolean isAllowPrivateAddresses();

    /** The most bytes of a picture's file. */
    int getMaxImageBytes();

    /** The longest time to connect to the host of a picture, in milliseconds. */
    long getConnectTimeout();

    /** The longest time to fetch a picture, in milliseconds. */
    long getFetchTimeout();

    /** The pages of a document that are shown, such as {@code 1-3,7,last}; null for all. */
    String getPages();

    /** How many pixels an inch of a PDF becomes; null for as many as fit. */
    Integer getDpi();

    /** Whether each page of a document is asked about by itself. */
    boolean isPerPage();

    /** The most pages that are shown of one document. */
    int getMaxPages();

    /** Opens a PDF that is encrypted; null for none. */
    String getDocumentPassword();

    /** How many frames of each second of a video are shown; null for the usual number. */
    Double getFps();

    /** By whose rules frames of a video are chosen and sized, {@code qwen} or {@code llama-factory}. */
    String getVideoProfile();

    /** The most frames to which a video is sampled; null for those of the profile. */
    Integer getVideoMaxlen();

    /** The fewest pixels of a video's frame as the model sees it; null for those of a picture. */
    Integer getVideoMinPixels();

    /** The most of them; null for those of a picture. */
    Integer getVideoMaxPixels();

    /** Whether a list of pictures is a video. */
    boolean isVideo();

    /** What an animated picture is taken as, {@code picture} or {@code video}. */
    String getAnimation();
}
