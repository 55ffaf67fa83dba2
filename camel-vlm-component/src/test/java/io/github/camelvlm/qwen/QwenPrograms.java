package io.github.camelvlm.qwen;

import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.torch.Dtype;

/** Texts of programs for tests that add methods of their own. */
final class QwenPrograms {
    /** That of Qwen2-VL with matrices as they are stored. */
    static final String PLAIN =
            QwenProgram.text(QwenFamily.QWEN2_VL, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN));

    private QwenPrograms() {}
}
