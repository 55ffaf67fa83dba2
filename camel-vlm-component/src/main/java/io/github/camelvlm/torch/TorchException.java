package io.github.camelvlm.torch;

/** A program does not compile, or a call of it failed; the message is libtorch's first line. */
public class TorchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TorchException(Throwable cause) {
        super(String.valueOf(cause.getMessage()).lines().findFirst().orElse("no message"), cause);
    }
}
