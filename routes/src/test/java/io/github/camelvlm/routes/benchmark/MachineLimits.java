package io.github.camelvlm.routes.benchmark;

import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.torch.TorchProgram;
import io.github.camelvlm.torch.TorchRuntime;
import java.util.Map;

/**
 * What this machine can do at best: the bytes a second at which all threads read memory, by a sum over a gigabyte and by
 * products of packed matrices with one row; and the floating-point operations a second of a product of two bfloat16
 * matrices of 4096 × 4096, plain and packed. Of a few tries the best counts, since what disturbs only ever slows down. A
 * machine that is shared changes from minute to minute, so what is measured is held against the limit of its own minute.
 */
final class MachineLimits implements AutoCloseable {
    private static final int TRIES = 3;
    private static final double SUMMED_BYTES = 1L << 30;
    private static final double PACKED_BYTES = 8 * 17_920L * 1536 * 2;
    private static final double PRODUCT_FLOPS = 2.0 * 4096 * 4096 * 4096;
    private static final String PROGRAM = """
            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              numbers : List[Tensor]
              matrices : List[__torch__.Dense]
              square : List[__torch__.Dense]

              def prepare(self) -> NoneType:
                self.numbers.append(torch.ones([268435456], dtype=6))
                self.numbers.append(torch.ones([1, 1536], dtype=15))
                self.numbers.append(torch.ones([4096, 4096], dtype=15))
                for i in range(8):
                  self.matrices.append(__torch__.pack([torch.ones([17920, 1536], dtype=15)], True))
                self.square.append(__torch__.pack([self.numbers[2]], True))
                return None

              def release(self) -> NoneType:
                self.numbers.clear()
                self.matrices.clear()
                self.square.clear()
                return None

              def sum(self) -> Tensor:
                return self.numbers[0].sum()

              # A product that is not asked for is not computed.
              def read_packed(self) -> Tensor:
                products = annotate(List[Tensor], [])
                for matrix in self.matrices:
                  products.append(__torch__.dense(self.numbers[1], matrix, None))
                return torch.cat(products)

              def multiply(self) -> Tensor:
                return torch.mm(self.numbers[2], self.numbers[2])

              def multiply_packed(self) -> Tensor:
                return __torch__.dense(self.numbers[2], self.square[0], None)
            """;

    private final TorchProgram program;
    private double bytesPerSecond;
    private double flopsPerSecond;

    /** Takes two gigabytes until it is closed. */
    MachineLimits() {
        program = new TorchProgram(LinearKernel.PACKED.text() + PROGRAM);
        program.run("prepare");
    }

    /** The bytes a second at which memory is read now. */
    double reading() {
        double now = fastest(Map.of("sum", SUMMED_BYTES, "read_packed", PACKED_BYTES));
        bytesPerSecond = Math.max(bytesPerSecond, now);
        return now;
    }

    /** The floating-point operations a second of large products now. */
    double computing() {
        double now = fastest(Map.of("multiply", PRODUCT_FLOPS, "multiply_packed", PRODUCT_FLOPS));
        flopsPerSecond = Math.max(flopsPerSecond, now);
        return now;
    }

    /** The best rate of a few tries of several methods of the program, told the amount of work of each. */
    private double fastest(Map<String, Double> work) {
        TorchRuntime.prepareThread(Runtime.getRuntime().availableProcessors());
        double best = 0;
        for (int i = 0; i < TRIES; i++) {
            for (Map.Entry<String, Double> method : work.entrySet()) {
                best = Math.max(best, method.getValue() / seconds(method.getKey()));
            }
        }
        return best;
    }

    private double seconds(String method) {
        long start = System.nanoTime();
        program.run(method);
        return (System.nanoTime() - start) / 1e9;
    }

    /** The best so far. */
    double bytesPerSecond() {
        return bytesPerSecond;
    }

    /** The best so far. */
    double flopsPerSecond() {
        return flopsPerSecond;
    }

    @Override
    public void close() {
        program.run("release");
        program.close();
    }
}
