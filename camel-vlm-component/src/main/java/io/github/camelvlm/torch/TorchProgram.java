package io.github.camelvlm.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A TorchScript program made from its text. Its object {@code Engine} keeps what its methods store in it, weights and
 * caches included, until {@link #close}. One thread at a time may use it.
 *
 * <p>Arguments of {@link #call}: Integer, Long, Double, Boolean and String stand for themselves; {@code long[]} and
 * {@code double[]} for {@code List[int]} and {@code List[float]}; {@link Bytes} for a uint8 tensor; a {@link Value} for
 * what a call before returned.
 */
public final class TorchProgram implements AutoCloseable {
    private final NDManager manager;
    private final PtSymbolBlock block;

    /**
     * Compiles a program.
     *
     * @param text TorchScript with a class {@code Engine(Module)}
     * @throws IllegalStateException if libtorch cannot be loaded
     * @throws TorchException if the text does not compile
     */
    public TorchProgram(String text) {
        TorchRuntime.version();
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        try {
            block = JniUtils.loadModule(
                    (PtNDManager) manager, new ByteArrayInputStream(TorchArchive.of(text)), false, false);
        } catch (IOException | RuntimeException e) {
            try (manager) {
                throw new TorchException(e);
            }
        } catch (Error e) {
            try (manager) {
                throw e;
            }
        }
    }

    /** A value that stays on libtorch's side. */
    public static final class Value implements AutoCloseable {
        private final IValue value;

        private Value(IValue value) {
            this.value = value;
        }

        /** The numbers of a {@code List[float]}. */
        public double[] toDoubles() {
            return value.toDoubleArray();
        }

        @Override
        public void close() {
            value.close();
        }
    }

    /**
     * A uint8 tensor of one dimension for the time of one call.
     *
     * @param buffer a direct buffer whose bytes from position to limit are the tensor; libtorch reads it in place
     */
    public record Bytes(ByteBuffer buffer) {
        public Bytes {
            // JNI takes a buffer's address without its position.
            buffer = buffer.slice();
        }
    }

    /**
     * Calls a method for its effect.
     *
     * @throws TorchException if it fails
     */
    public void run(String method, Object... arguments) {
        call(method, arguments).close();
    }

    /**
     * Calls a method that returns {@code List[float]}.
     *
     * @throws TorchException if it fails
     */
    public double[] doubles(String method, Object... arguments) {
        try (Value result = call(method, arguments)) {
            return result.toDoubles();
        }
    }

    /**
     * Calls a method.
     *
     * @return what it returned, for the caller to close
     * @throws TorchException if it fails
     */
    public Value call(String method, Object... arguments) {
        // A setting of the calling thread. The optimizer compiles anew for every new shape, and shapes are new all the
        // time;
        // besides, it was seen to compute wrong numbers on a method's first call.
        JniUtils.setGraphExecutorOptimize(false);
        IValue[] values = new IValue[arguments.length];
        try {
            for (int i = 0; i < arguments.length; i++) {
                values[i] = toIValue(arguments[i]);
            }
            return new Value(IValueUtils.runMethod(block, method, values));
        } catch (EngineException e) {
            throw new TorchException(e);
        } finally {
            for (int i = 0; i < arguments.length; i++) {
                if (values[i] != null && !(arguments[i] instanceof Value)) {
                    values[i].close();
                }
            }
        }
    }

    private IValue toIValue(Object argument) {
        if (argument instanceof Value value) {
            return value.value;
        } else if (argument instanceof Integer || argument instanceof Long) {
            return IValue.from(((Number) argument).longValue());
        } else if (argument instanceof Double number) {
            return IValue.from(number.doubleValue());
        } else if (argument instanceof Boolean flag) {
            return IValue.from(flag.booleanValue());
        } else if (argument instanceof String text) {
            return IValue.from(text);
        } else if (argument instanceof long[] list) {
            return IValue.listFrom(list);
        } else if (argument instanceof double[] list) {
            return IValue.listFrom(list);
        } else if (argument instanceof Bytes bytes) {
            Shape shape = new Shape(bytes.buffer().remaining());
            try (NDArray tensor = manager.create(bytes.buffer(), shape, DataType.UINT8)) {
                return IValue.from((PtNDArray) tensor);
            }
        }
        throw new IllegalArgumentException("no TorchScript value for " + argument.getClass());
    }

    @Override
    public void close() {
        try {
            block.close();
        } finally {
            manager.close();
        }
    }
}
