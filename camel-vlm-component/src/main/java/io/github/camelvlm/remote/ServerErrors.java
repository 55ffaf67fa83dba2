package io.github.camelvlm.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.openai.errors.SseException;
import io.github.camelvlm.chat.ContextLengthException;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.chat.UpstreamAccessException;
import io.github.camelvlm.chat.UpstreamException;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.remote.ServerFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;

/** Says in the words of the domain what a server, or the way to it, has against a request. */
final class ServerErrors {
    private static final int CLIPPED_LENGTH = 500;

    private final String server;
    private final String apiKey;

    /**
     * @param server its base URL
     * @param apiKey what no message may hold; null for none
     */
    ServerErrors(String server, String apiKey) {
        this.server = server;
        this.apiKey = apiKey;
    }

    /**
     * What is to be done about something that OpenAI's client has thrown.
     *
     * @throws VlmException if no server would answer this request
     */
    ServerFailure read(RuntimeException thrown) {
        if (thrown instanceof SseException error) {
            return read(statusOf(json(error)), null, json(error));
        }
        if (thrown instanceof Refusal refusal) {
            return read(refusal.status(), refusal.retryAfter(), refusal.body());
        }
        if (thrown.getCause() instanceof BoundedBody.TooLongException tooLong) {
            return faulty(tooLong.getMessage(), thrown);
        }
        if (thrown.getCause() instanceof JsonProcessingException) {
            return faulty("answers with what is no JSON", thrown);
        }
        if (thrown.getCause() instanceof IOException cause) {
            return broken(cause);
        }
        return faulty("answers with what is no answer of a model", thrown);
    }

    /**
     * What a server says that does not answer a request since it asks for something, as far as its words tell; null if they
     * tell of something else.
     */
    String refusal(RuntimeException thrown, Dispensable what) {
        JsonNode body = thrown instanceof SseException error
                ? json(error)
                : thrown instanceof Refusal refusal && refusal.status() < 502 ? refusal.body() : null;
        boolean isNamed =
                body != null && body.toString().toLowerCase(Locale.ROOT).contains(what.word());
        return isNamed ? "refuses the question" + because(detail(body)) : null;
    }

    private static JsonNode json(SseException error) {
        try {
            JsonNode body = error.body().convert(JsonNode.class);
            return body == null ? MissingNode.getInstance() : body;
        } catch (RuntimeException e) {
            return MissingNode.getInstance();
        }
    }

    /** The status that an error would have had, had the answer not begun with a 200. */
    private static int statusOf(JsonNode body) {
        JsonNode error = detail(body);
        if (error.path("code").isInt()) {
            return error.path("code").intValue();
        }
        return switch (error.path("code").asText(error.path("type").asText())) {
            case "rate_limit_exceeded" -> 429;
            case "service_unavailable" -> 503;
            case "bad_gateway" -> 502;
            case "time_limit_exceeded" -> 504;
            case "model_not_found" -> 404;
            case "invalid_image", "context_length_exceeded", "invalid_request_error", "unsupported_value" -> 400;
            default -> error.path("type").asText().equals("invalid_request_error") ? 400 : 500;
        };
    }

    private static JsonNode detail(JsonNode body) {
        return body.path("error").isObject() ? body.path("error") : body;
    }

    /**
     * What is to be done about an answer that tells of an error.
     *
     * @param status the HTTP status
     * @param retryAfter the header of this name, or null
     * @param body the JSON that came with it, as OpenAI writes it or otherwise
     * @throws VlmException if no server would answer this request
     */
    private ServerFailure read(int status, String retryAfter, JsonNode body) {
        JsonNode error = detail(body);
        switch (status) {
            // Older instances of this application answer 422 of a picture that they cannot read.
            case 400, 422 -> throw invalid(error);
            case 401, 403 ->
                throw new UpstreamAccessException(
                        "The server " + server + " refuses the key of this application (status " + status
                                + "): set apiKey to one that it takes");
            case 404 ->
                throw new ModelNotServedException(
                        "The server " + server + " does not serve this model or has no such API" + because(error)
                                + ". Its models are listed at " + server + "/models");
            case 413 ->
                throw new InvalidRequestException(
                        "body", "is larger than the server " + server + " takes: send smaller or fewer pictures");
            case 429 -> {
                return new ServerFailure(
                        Kind.BUSY,
                        RetryAfter.read(retryAfter),
                        new QueueFullException(
                                "The server " + server + " is busy" + because(error) + ". Try again later"));
            }
            case 502, 503 -> {
                return new ServerFailure(
                        Kind.UNAVAILABLE,
                        RetryAfter.read(retryAfter),
                        new EngineUnavailableException(
                                "The server " + server + " is not available (status " + status + ")" + because(error)));
            }
            case 504 -> {
                return new ServerFailure(
                        Kind.LATE,
                        null,
                        new EngineUnavailableException(
                                "The server " + server + " did not answer in its time (status 504)"));
            }
            default -> {
                if (status >= 500) {
                    return faulty("failed on this request (status " + status + ")" + because(error), null);
                }
                throw new UpstreamException("The server " + server + " answers with status " + status + because(error)
                        + ": check that baseUrl is that of an OpenAI-compatible API");
            }
        }
    }

    /** The connection failed. */
    ServerFailure broken(IOException cause) {
        return new ServerFailure(
                Kind.BROKEN,
                null,
                new EngineUnavailableException(
                        "The server " + server + " cannot be reached or broke off: " + reason(cause), cause));
    }

    /** Why there is no connection, without the address that is told beside it. */
    static String reason(Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return "no host has this name";
        }
        String message = cause.getMessage();
        if (cause instanceof ConnectException && (message == null || message.contains("refused"))) {
            return "nothing listens there";
        }
        return message != null ? message : "the connection was closed";
    }

    /** The server did what it should not have done. */
    ServerFailure faulty(String what, Exception cause) {
        return new ServerFailure(Kind.FAULTY, null, new UpstreamException("The server " + server + " " + what, cause));
    }

    private VlmException invalid(JsonNode error) {
        String message = message(error);
        if (error.path("code").asText().equals("invalid_image")) {
            return new UnreadablePictureException(message, null)
                    .at(error.path("param").textValue());
        }
        if (error.path("code").asText().equals("context_length_exceeded")) {
            return new ContextLengthException(after("messages ", message));
        }
        String field = error.path("param").asText("");
        String code = error.path("code").isTextual() ? error.path("code").textValue() : null;
        return !field.isEmpty() && message.startsWith(field + " ")
                ? new InvalidRequestException(field, after(field + " ", message), code)
                : new InvalidRequestException(
                        field.isEmpty() ? "body" : field, "is refused by the server " + server + ": " + message, code);
    }

    private static String after(String beginning, String message) {
        return message.startsWith(beginning) ? message.substring(beginning.length()) : message;
    }

    private String because(JsonNode error) {
        String message = message(error);
        return message.isEmpty() ? "" : ": " + message.replaceAll("\\.$", "");
    }

    /** What the server says, on one line, clipped, and without the key. */
    private String message(JsonNode error) {
        String said = error.path("message").asText(error.path("detail").asText(""));
        String safe = apiKey == null ? said : said.replace(apiKey, "…");
        String clipped = safe.length() <= CLIPPED_LENGTH ? safe : safe.substring(0, CLIPPED_LENGTH) + "…";
        return clipped.replaceAll("\\p{Cntrl}+", " ");
    }
}
