package io.github.camelvlm.routes.folder;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.openai.OpenAiError;
import io.github.camelvlm.routes.report.BrowserCache;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;

/** Shows the folder at work over HTTP, and lets nothing be changed: counts, files of requests, documents in hand, the last pictures, and thumbnails of them. */
public final class FolderView {
    private static final ObjectMapper JSON = new ObjectMapper();

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Picture(long id, @JsonUnwrapped SummaryRow row, String thumbnail) {
        static Picture of(FolderActivity.Ended ended) {
            boolean isShown =
                    ended.isDescribed() && Thumbnails.mayBeOf(ended.row().name());
            return new Picture(ended.id(), ended.row(), isShown ? "/v1/folder/pictures/" + ended.id() : null);
        }
    }

    private record Folder(
            boolean watching,
            String since,
            String inbox,
            long done,
            long failed,
            @JsonProperty("in_hand") int inHand,
            int waiting,
            @JsonProperty("last_minute") int lastMinute,
            List<BatchActivity.Batch> batches,
            List<DocumentActivity.Document> documents,
            List<Picture> pictures) {}

    /** Numbers of pictures begin anew with each start. */
    private final String since = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();

    private final Thumbnails thumbnails = new Thumbnails();
    private FolderActivity activity;
    private BatchActivity batches;
    private DocumentActivity documents = new DocumentActivity();
    private Progress progress;
    private boolean enabled;
    private String inbox;

    /** @param activity what is shown */
    public void setActivity(FolderActivity activity) {
        this.activity = activity;
    }

    /** @param batches what is shown of files of requests */
    public void setBatches(BatchActivity batches) {
        this.batches = batches;
    }

    /** @param documents what is shown of documents in hand */
    public void setDocuments(DocumentActivity documents) {
        this.documents = documents;
    }

    /** @param progress knows how many pictures are in hand, and how many wait */
    public void setProgress(Progress progress) {
        this.progress = progress;
    }

    /** @param on whether the folder is watched at all */
    public void setEnabled(boolean on) {
        enabled = on;
    }

    /** @param name what the folder is called where it is set, for people who look for it */
    public void setInbox(String name) {
        inbox = name;
    }

    /** @param pixels the most pixels of a picture of which a thumbnail is made */
    public void setMaxImagePixels(long pixels) {
        thumbnails.setMaxImagePixels(pixels);
    }

    /**
     * Answers with counts and the last pictures, the newest first.
     *
     * @param after the id of a picture, if only newer ones are asked for
     * @throws InvalidRequestException if that is no id
     */
    public void status(@Header("after") String after, Exchange exchange) throws JsonProcessingException {
        List<Picture> pictures = activity.after(after == null ? 0 : number(after)).stream()
                .map(Picture::of)
                .toList();
        Folder folder = new Folder(
                enabled,
                since,
                inbox,
                activity.done(),
                activity.failed(),
                progress.inHand(),
                progress.waiting(),
                activity.ofLastMinute(),
                batches.batches(),
                documents.documents(),
                pictures);
        answer(exchange, 200, "application/json", JSON.writeValueAsBytes(folder));
    }

    private static long number(String after) {
        try {
            return Long.parseLong(after);
        } catch (NumberFormatException e) {
            throw new InvalidRequestException("after", "must be the id of a picture of this list, a whole number");
        }
    }

    /**
     * Answers with a small JPEG of a picture that the folder has described lately; 404 for all others.
     *
     * @param id the picture's number
     * @throws io.github.camelvlm.chat.QueueFullException if other thumbnails are being made
     */
    public void thumbnail(@Header("id") String id, Exchange exchange) {
        // By its number alone: no part of a request becomes a part of a path.
        byte[] jpeg = id.matches("[0-9]{1,18}")
                ? activity.described(Long.parseLong(id)).flatMap(thumbnails::of).orElse(null)
                : null;
        if (jpeg != null) {
            answer(exchange, 200, "image/jpeg", jpeg);
        } else {
            OpenAiError error = new OpenAiError(
                    404,
                    new OpenAiError.Detail(
                            "There is no thumbnail of this number: pictures that were described lately have one, as long"
                                    + " as they lie where they were moved to; documents and videos have none",
                            "invalid_request_error",
                            "id",
                            "not_found"));
            answer(exchange, error.status(), "application/json", error.toJson().getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void answer(Exchange exchange, int status, String type, byte[] body) {
        Message message = exchange.getMessage();
        // platform-http would send the headers of the request back.
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(Exchange.CONTENT_TYPE, type);
        BrowserCache.set(exchange, "no-store");
        message.setHeader("X-Content-Type-Options", "nosniff");
        message.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        // Bytes would go in chunks, and their end comes behind that of a client which has all of them.
        message.setBody(ByteBuffer.wrap(body));
    }
}
