package io.github.camelvlm.torch;

/** Finds out which type this machine's CPU multiplies faster in, by a measurement of a few milliseconds. */
public final class ProductTimer {
    private static final int SIZE = 1024;
    private static final int ROWS = 64;
    private static final int ROUNDS = 5;
    private static final String PROGRAM = """
            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              operands : List[Tensor]

              def prepare(self, rows: int, size: int, dtype: int) -> NoneType:
                self.operands.clear()
                self.operands.append(torch.ones([rows, size], dtype=dtype))
                self.operands.append(torch.ones([size, size], dtype=dtype))
                return None

              # A product that nobody asks for is not computed.
              def multiply(self) -> Tensor:
                return torch.linear(self.operands[0], self.operands[1])
            """;

    private ProductTimer() {}

    /** Whether a product of matrices takes less time in {@code one} type than in the {@code other}. */
    public static boolean isFasterOnCpu(Dtype one, Dtype other) {
        try (TorchProgram program = new TorchProgram(PROGRAM)) {
            return shortest(program, one) < shortest(program, other);
        }
    }

    /** The shortest of several: what disturbs a measurement only ever makes it longer. */
    private static long shortest(TorchProgram program, Dtype dtype) {
        program.run("prepare", ROWS, SIZE, dtype.code());
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            program.run("multiply");
            shortest = Math.min(shortest, System.nanoTime() - start);
        }
        return shortest;
    }
}
