package io.github.camelvlm.routes.folder;

import io.github.camelvlm.routes.report.RouteHealth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.util.TimeUtils;

/** Whether the pictures of a folder move: its directories can be used, and what waits does not wait for too long. */
public final class FolderHealth extends RouteHealth {
    private final List<Path> folders = new ArrayList<>();
    private PictureOrder order;
    private PictureOrder batchOrder;
    private Duration stalledAfter = Duration.ofMinutes(10);

    public FolderHealth() {
        super("folder");
    }

    /** @param order knows how long pictures have waited */
    public void setOrder(PictureOrder order) {
        this.order = order;
    }

    /** @param order knows how long files of requests have stood still */
    public void setBatchOrder(PictureOrder order) {
        batchOrder = order;
    }

    /** @param folder the folder of pictures; relative to the working directory, as the others are */
    public void setInbox(String folder) {
        add(folder);
    }

    /** @param folder where captions go */
    public void setCaptions(String folder) {
        add(folder);
    }

    /** @param folder where pictures go that were described */
    public void setDone(String folder) {
        add(folder);
    }

    /** @param folder where pictures go that cannot be described */
    public void setFailed(String folder) {
        add(folder);
    }

    private void add(String folder) {
        folders.add(Path.of(folder).toAbsolutePath().normalize());
    }

    /**
     * Sets how long pictures may wait while none ends, and files of requests while no line is answered; 10 minutes by default.
     *
     * @param time as Camel writes times: {@code 10m}, {@code 30s}
     */
    public void setStalledAfter(String time) {
        stalledAfter = Duration.ofMillis(TimeUtils.toMilliSeconds(time));
    }

    @Override
    public String trouble() {
        for (Path folder : folders) {
            if (!Files.isDirectory(folder) || !Files.isReadable(folder) || !Files.isWritable(folder)) {
                return folder + " is not there, or cannot be read and written: make it, or change its permissions";
            }
        }
        Duration standstill = order.standstill();
        if (standstill.compareTo(stalledAfter) > 0) {
            return "pictures wait in the inbox, and none has ended for " + standstill.toSeconds()
                    + " s: see the log for what keeps them";
        }
        standstill = batchOrder.standstill();
        return standstill.compareTo(stalledAfter) <= 0
                ? null
                : "a file of requests waits in the inbox, and no line of it was answered for " + standstill.toSeconds()
                        + " s: see the log for what keeps it";
    }
}
