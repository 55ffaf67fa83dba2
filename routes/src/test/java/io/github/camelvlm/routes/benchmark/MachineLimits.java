package io.github.camelvlm.routes.benchmark;

import io.github.camelvlm.qwen.LinearKernel;
import io.github.camelvlm.torch.TorchProgram;
import io.github.camelvlm.torch.TorchRuntime;

/**
 * What this machine can do at best: the bytes a second at which all threads read memory, by a sum over a gigabyte and by
 * products of packed matrices with one row; and the floating-point operations a second of a product of two bfloat16
 * matrices of 4096 × 4096, plain and packed. The best of all tries counts, since what disturbs only ever slows down.
 */
final class MachineLimits {
    private static final int TRIES = 4;
    private static final long SUMMED_BYTES = 1L << 30;
    private static final long PACKED_BYTES = 8 * 17_920L * 1536 * 2;
    private static final double PRODUCT_FLOPS = 2.0 * 4096 * 4096 * 4096;
    private static final String PROGRAM = """
            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              numbers : List[Tensor]
              matrices : List[__torch__.Matrix]
              square : List[__torch__.Matrix]

              def prepare_reading(self) -> NoneType:
                self.numbers.append(torch.ones([268435456], dtype=6))
                self.numbers.append(torch.ones([1, 1536], dtype=15))
                for i in range(8):
                  self.matrices.append(__torch__.pack(torch.ones([17920, 1536], dtype=15), True))
                return None

              def prepare_computing(self) -> NoneType:
                self.numbers.append(torch.ones([4096, 4096], dtype=15))
                self.square.append(__torch__.pack(self.numbers[0], True))
                return None

              def release(self) -> NoneType:
                self.numbers.clear()
                self.matrices.clear()
                self.square.clear()
                return None

              def sum(self) -> Tensor:
                return self.numbers[0].sum()

              # A product that nobody asks for is not computed.
              def read_packed(self) -> Tensor:
                products = annotate(List[Tensor], [])
                for matrix in self.matrices:
                  products.append(__torch__.linear(self.numbers[1], matrix, None))
                return torch.cat(products)

              def multiply(self) -> Tensor:
                return torch.mm(self.numbers[0], self.numbers[0])

              def multiply_packed(self) -> Tensor:
                return __torch__.linear(self.numbers[0], self.square[0], None)
            """;

    private double bytesPerSecond;
    private double flopsPerSecond;

    /** Measures, and keeps what is better than before. Two gigabytes are needed, and given back. */
    void measure() {
        TorchRuntime.prepareThread(Runtime.getRuntime().availableProcessors());
        try (TorchProgram program = new TorchProgram(LinearKernel.PACKED.text() + PROGRAM)) {
            program.run("prepare_reading");
            for (int i = 0; i < TRIES; i++) {
                bytesPerSecond = Math.max(bytesPerSecond, SUMMED_BYTES / seconds(program, "sum"));
                bytesPerSecond = Math.max(bytesPerSecond, PACKED_BYTES / seconds(program, "read_packed"));
            }
            program.run("release");
            program.run("prepare_computing");
            for (int i = 0; i < TRIES; i++) {
                flopsPerSecond = Math.max(flopsPerSecond, PRODUCT_FLOPS / seconds(program, "multiply"));
                flopsPerSecond = Math.max(flopsPerSecond, PRODUCT_FLOPS / seconds(program, "multiply_packed"));
            }
            program.run("release");
        }
    }

    private static double seconds(TorchProgram program, String method) {
        long start = System.nanoTime();
        program.run(method);
        return (System.nanoTime() - start) / 1e9;
    }

    double bytesPerSecond() {
        return bytesPerSecond;
    }

    double flopsPerSecond() {
        return flopsPerSecond;
    }
}
