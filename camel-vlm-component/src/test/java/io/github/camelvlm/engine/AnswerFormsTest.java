package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelFamilies;
import io.github.camelvlm.model.VisionLanguageModel;
import io.github.camelvlm.torch.Dtype;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerFormsTest {

    private static Form form(AnswerForms forms, String text) {
        return forms.of(new AnswerFormat.Choice("guided_choice", List.of(text, "other")), Tools.NONE)
                .orElseThrow();
    }

    @Test
    void keepsTheFormsThatWereAskedForLast() {
        try (VisionLanguageModel model =
                ModelFamilies.load(GoldenCase.RANDOM_VL, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN))) {
            AnswerForms forms = new AnswerForms(model.words());
            Form often = form(forms, "often");
            Form once = form(forms, "once");

            for (int i = 0; i < 15; i++) {
                form(forms, "other " + i);
                assertThat(form(forms, "often")).isSameAs(often);
            }

            assertThat(form(forms, "once")).isNotSameAs(once);
        }
    }
}
