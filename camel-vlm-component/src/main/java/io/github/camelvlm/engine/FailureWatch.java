package io.github.camelvlm.engine;

import io.github.camelvlm.chat.EngineFault;
import io.github.camelvlm.torch.TorchException;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a request that fails from an engine that does: after a failure something small is tried that has to do with no
 * request. If that fails too, several times in a row, the engine is faulty, until a call succeeds.
 */
final class FailureWatch {
    private static final Logger LOG = LoggerFactory.getLogger(FailureWatch.class);
    private static final int MANY = 3;

    private final String model;
    private final Runnable trial;
    private int inARow;
    private volatile EngineFault fault;

    /**
     * @param model the model's name, for the log
     * @param trial fails if no request can be answered at present
     */
    FailureWatch(String model, Runnable trial) {
        this.model = model;
        this.trial = trial;
    }

    /** What is wrong with the engine, if anything; for any thread. */
    Optional<EngineFault> fault() {
        return Optional.ofNullable(fault);
    }

    /** Something was computed. */
    void succeeded() {
        if (inARow > 0) {
            inARow = 0;
            if (fault != null) {
                fault = null;
                LOG.info("Model {} computes again", model);
            }
        }
    }

    /**
     * Tries whether the engine computes, after something has failed or while it is faulty.
     *
     * @return whether it does
     */
    boolean computes() {
        try {
            trial.run();
            succeeded();
            return true;
        } catch (RuntimeException | Error e) {
            inARow = Math.min(inARow + 1, MANY);
            if (inARow == MANY && fault == null) {
                fault = new EngineFault(kind(e), String.valueOf(e.getMessage()));
                LOG.error("Model {} does not compute any more, whatever it is asked", model, e);
            }
            return false;
        }
    }

    private static EngineFault.Kind kind(Throwable failure) {
        if (failure instanceof NotFiniteException) {
            return EngineFault.Kind.NOT_FINITE;
        }
        if (failure instanceof OutOfMemoryError || isOutOfMemory(failure)) {
            return EngineFault.Kind.OUT_OF_MEMORY;
        }
        return failure instanceof TorchException ? EngineFault.Kind.NATIVE_CALL : EngineFault.Kind.INTERNAL;
    }

    /** libtorch says so in these words: "CUDA out of memory", "not enough memory: you tried to allocate". */
    private static boolean isOutOfMemory(Throwable failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return failure instanceof TorchException
                && (message.contains("out of memory")
                        || message.contains("not enough memory")
                        || message.contains("can't allocate memory"));
    }
}
