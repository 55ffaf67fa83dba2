package io.github.camelvlm.anthropic;

import io.github.camelvlm.openai.Json;
import io.github.camelvlm.openai.OpenAiError;
import java.util.LinkedHashMap;
import java.util.Map;

/** Errors in Anthropic's words. */
final class ErrorJson {
    private ErrorJson() {}

    static String of(OpenAiError error) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("type", type(error.status()));
        detail.put("message", error.error().message());
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("type", "error");
        told.put("error", detail);
        return Json.write(told);
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503 -> "overloaded_error";
            case 504 -> "timeout_error";
            default -> status < 500 ? "invalid_request_error" : "api_error";
        };
    }
}
