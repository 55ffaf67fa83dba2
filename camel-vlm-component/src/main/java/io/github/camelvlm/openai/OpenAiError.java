package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.UnfetchablePictureException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.chat.UpstreamAccessException;
import io.github.camelvlm.chat.UpstreamException;
import java.util.function.UnaryOperator;

/**
 * The answer to a request that failed.
 *
 * @param status the HTTP status that goes with it; not a part of the JSON
 * @param error what happened
 */
public record OpenAiError(@JsonIgnore int status, Detail error) {

    private static final String INVALID = "invalid_request_error";

    /**
     * Tells a failure to the client. The message of an exception that is not among those of the domain stays here,
     * since it may tell of files and addresses inside.
     */
    public static OpenAiError of(Throwable failure) {
        String message = failure.getMessage();
        if (failure instanceof InvalidRequestException e) {
            return invalid(message, e.field(), e.code());
        }
        if (failure instanceof ModelNotServedException) {
            return new OpenAiError(404, new Detail(message, "invalid_request_error", "model", "model_not_found"));
        }
        if (failure instanceof UnreadablePictureException e) {
            // The same request may succeed later where its picture could not be fetched.
            int status = failure instanceof UnfetchablePictureException ? 422 : 400;
            return new OpenAiError(status, new Detail(message, INVALID, e.place(), "invalid_image"));
        }
        if (failure instanceof QueueFullException) {
            return new OpenAiError(429, new Detail(message, "rate_limit_exceeded", null, "rate_limit_exceeded"));
        }
        if (failure instanceof UpstreamException || failure instanceof UpstreamAccessException) {
            return new OpenAiError(502, new Detail(message, "server_error", null, "bad_gateway"));
        }
        if (failure instanceof EngineUnavailableException) {
            return new OpenAiError(503, new Detail(message, "service_unavailable", null, "service_unavailable"));
        }
        return new OpenAiError(
                500, new Detail("the server failed on this request: its log says why", "server_error", null, null));
    }

    private static OpenAiError invalid(String message, String param, String code) {
        return new OpenAiError(400, new Detail(message, INVALID, param, code));
    }

    /**
     * The same in other words.
     *
     * @param wording makes one sentence of another
     */
    public OpenAiError worded(UnaryOperator<String> wording) {
        return new OpenAiError(
                status, new Detail(wording.apply(error.message()), error.type(), error.param(), error.code()));
    }

    /** This error as JSON. */
    public String toJson() {
        return Json.write(this);
    }

    /**
     * What happened.
     *
     * @param message for people
     * @param type the kind of error
     * @param param the field at fault, or null
     * @param code for programs, or null
     */
    public record Detail(String message, String type, String param, String code) {}
}
