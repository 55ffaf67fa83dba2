package io.github.camelvlm.routes.benchmark;

import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.qwen.ModelShape;
import io.github.camelvlm.torch.TorchProgram;

/** Measures the kernel of one-token attention by itself: all sequences of a step, with caches that no processor's cache holds. */
final class AttentionMeasurement implements AutoCloseable {
    private static final int LAYERS = 8;
    private static final int PLACES = 1024;
    private static final int TRIES = 10;
    private static final String PROGRAM = """
            class Engine(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              caches : List[Tensor]

              def prepare(self, layers: int, kv_heads: int, places: int, size: int) -> NoneType:
                for i in range(2 * layers):
                  self.caches.append(torch.ones([kv_heads, places, size], dtype=15))
                return None

              def release(self) -> NoneType:
                self.caches.clear()
                return None

              def attend(self, sequences: int, heads: int, size: int, apart: int, length: int) -> NoneType:
                q = torch.ones([sequences, heads, size], dtype=15)
                y = torch.empty([sequences, heads * size], dtype=15)
                starts = torch.arange(0, sequences * apart, apart, dtype=3)
                lengths = torch.full([sequences], length, dtype=3)
                for i in range(len(self.caches) // 2):
                  __torch__.checked(ops.vlm.attend(y, q, self.caches[2 * i], self.caches[2 * i + 1], starts, lengths))
                return None
            """;

    private final ModelShape shape;
    private final int sequences;
    private final TorchProgram program;

    AttentionMeasurement(ModelShape shape, int sequences) {
        this.shape = shape;
        this.sequences = sequences;
        program = new TorchProgram(LinearKernel.NATIVE.text() + PROGRAM);
        program.run("prepare", LAYERS, shape.kvHeads(), sequences * PLACES, ModelShape.HEAD_DIM);
    }

    /** The seconds that a step takes for it in all layers, where each sequence has so many tokens. */
    double secondsOfStep(int context) {
        double best = Double.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            program.run(
                    "attend", sequences, shape.hidden() / ModelShape.HEAD_DIM, ModelShape.HEAD_DIM, PLACES, context);
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        return best / LAYERS * shape.layers();
    }

    @Override
    public void close() {
        program.run("release");
        program.close();
    }
}
