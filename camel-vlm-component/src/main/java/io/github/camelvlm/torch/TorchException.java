package io.github.camelvlm.torch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program does not compile, or a call of it failed; the message is what libtorch says of it, without its traces. */
public class TorchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Stands after the program's own trace, where a call failed. */
    private static final Pattern REASON = Pattern.compile("^RuntimeError: (.+)$", Pattern.MULTILINE);

    TorchException(Throwable cause) {
        super(reason(String.valueOf(cause.getMessage())), cause);
    }

    private static String reason(String message) {
        Matcher reason = REASON.matcher(message);
        return reason.find() ? reason.group(1) : message.lines().findFirst().orElse("no message");
    }
}
