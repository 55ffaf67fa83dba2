package io.github.camelvlm.torch;

/** Measures how fast this machine's CPU multiplies matrices, so that choices rest on the machine and not on its name. */
public final class ProductTimer {
    private static final int INPUTS = 2048;
    /** In bfloat16 128 MB: few processors hold them in their caches, as none holds a model. */
    private static final int OUTPUTS = 32_768;

    private static final int ROUNDS = 7;
    private static final String PROGRAM = """
            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              operands : List[Tensor]
              matrices : List[__torch__.Dense]

              def prepare(self, inputs: int, outputs: int, dtype: int) -> NoneType:
                self.matrices.append(__torch__.pack([torch.ones([outputs, inputs], dtype=dtype)], True))
                return None

              def set_rows(self, rows: int, inputs: int, dtype: int) -> NoneType:
                self.operands.clear()
                self.operands.append(torch.ones([rows, inputs], dtype=dtype))
                return None

              # A product that is not asked for is not computed.
              def multiply(self) -> Tensor:
                return __torch__.dense(self.operands[0], self.matrices[0], None)
            """;

    private ProductTimer() {}

    /**
     * The time of products of [rows, 2048] and [2048, 32768], one for each number of rows together: of each the shortest of
     * several, since what disturbs a measurement only ever makes it longer.
     *
     * @param functions TorchScript of a type {@code Dense}, {@code pack(parts, few)} and {@code dense(x, matrix, bias)}
     * @throws TorchException if this build of libtorch does not know their operators
     */
    public static long nanos(String functions, Dtype dtype, int... rows) {
        try (TorchProgram program = new TorchProgram(functions + PROGRAM)) {
            program.run("prepare", INPUTS, OUTPUTS, dtype.code());
            long sum = 0;
            for (int each : rows) {
                program.run("set_rows", each, INPUTS, dtype.code());
                sum += shortest(program);
            }
            return sum;
        }
    }

    private static long shortest(TorchProgram program) {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            program.run("multiply");
            shortest = Math.min(shortest, System.nanoTime() - start);
        }
        return shortest;
    }
}
