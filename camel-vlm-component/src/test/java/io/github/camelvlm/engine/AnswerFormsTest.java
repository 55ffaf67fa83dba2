package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelFamilies;
import io.github.camelvlm.model.VisionLanguageModel;
import io.github.camelvlm.torch.Dtype;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerFormsTest {

    private static AnswerFormat choice(String text) {
        return new AnswerFormat.Choice("guided_choice", List.of(text, "other"));
    }

    @Test
    void keepsTheFormsThatWereAskedForLast() {
        try (VisionLanguageModel model =
                ModelFamilies.load(GoldenCase.RANDOM_VL, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN))) {
            AnswerForms forms = new AnswerForms(model.words());
            Form often = forms.of(choice("often"));
            Form once = forms.of(choice("once"));

            for (int i = 0; i < 31; i++) {
                forms.of(choice("other " + i));
                assertThat(forms.of(choice("often"))).isSameAs(often);
            }

            assertThat(forms.of(choice("once"))).isNotSameAs(once);
        }
    }
}
