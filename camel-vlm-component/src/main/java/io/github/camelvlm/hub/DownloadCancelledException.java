package io.github.camelvlm.hub;

/** A download was broken off, since its hub was closed. What has arrived is kept for the next time. */
public class DownloadCancelledException extends ModelDownloadException {
    private static final long serialVersionUID = 1L;

    public DownloadCancelledException() {
        super("the download was broken off; it goes on where it was at the next start");
    }
}
