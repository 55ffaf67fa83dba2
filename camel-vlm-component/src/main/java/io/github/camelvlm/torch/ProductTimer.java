package io.github.camelvlm.torch;

/** Measures how fast this machine's CPU multiplies matrices, so that choices rest on the machine and not on its name. */
public final class ProductTimer {
    private static final int SIZE = 2048;
    private static final int ROUNDS = 5;
    private static final String PROGRAM = """
            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              operands : List[Tensor]
              matrices : List[__torch__.Dense]

              def prepare(self, rows: int, size: int, dtype: int) -> NoneType:
                self.operands.append(torch.ones([rows, size], dtype=dtype))
                self.matrices.append(__torch__.pack([torch.ones([size, size], dtype=dtype)], True))
                return None

              # A product that nobody asks for is not computed.
              def multiply(self) -> Tensor:
                return __torch__.dense(self.operands[0], self.matrices[0], None)
            """;

    private ProductTimer() {}

    /**
     * The time of a product of [rows, 2048] and [2048, 2048]: the shortest of several, since what disturbs a measurement
     * only ever makes it longer.
     *
     * @param functions TorchScript of a type {@code Dense}, {@code pack(parts, few)} and {@code dense(x, matrix, bias)}
     * @throws TorchException if this build of libtorch does not know their operators
     */
    public static long nanos(String functions, int rows, Dtype dtype) {
        try (TorchProgram program = new TorchProgram(functions + PROGRAM)) {
            program.run("prepare", rows, SIZE, dtype.code());
            long shortest = Long.MAX_VALUE;
            for (int i = 0; i < ROUNDS; i++) {
                long start = System.nanoTime();
                program.run("multiply");
                shortest = Math.min(shortest, System.nanoTime() - start);
            }
            return shortest;
        }
    }
}
