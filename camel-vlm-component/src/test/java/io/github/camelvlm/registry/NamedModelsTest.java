package io.github.camelvlm.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamedModelsTest {

    private static NamedModels named(String models, String model, String adapters) {
        EngineConfiguration configuration = new EngineConfiguration();
        configuration.setModels(models);
        configuration.setModel(model);
        configuration.setAdapters(adapters);
        return NamedModels.of(configuration);
    }

    @Test
    void keepTheirOrderAndTheFirstAnswersUnlessAnotherIsNamed() {
        assertThat(named("b=/models/b, a = /models/a", null, null).directories().keySet())
                .containsExactly("b", "a");
        assertThat(named("b=/models/b,a=/models/a", null, null).first()).isEqualTo("b");
        assertThat(named("b=/models/b,a=/models/a", " a ", null).first()).isEqualTo("a");
    }

    @Test
    void haveTheAdaptersWhoseNamesBeginWithTheirsAndTheFirstAllOthers() {
        NamedModels models = named("a=/models/a,ab=/models/ab", "ab", "ab/x=/x,a/y=/y,z=/z,other/w=/w");

        assertThat(models.adaptersOf("a").keySet()).containsExactly("a/y", "z", "other/w");
        assertThat(models.adaptersOf("ab").keySet()).containsExactly("ab/x");
    }

    @Test
    void haveNoAdaptersOfAModelWhoseNameBeginsWithTheirs() {
        NamedModels models = named("a=/models/a,a/b=/models/b", null, "a/b/x=/x,a/y=/y");

        assertThat(models.adaptersOf("a").keySet()).containsExactly("a/y");
        assertThat(models.adaptersOf("a/b").keySet()).containsExactly("a/b/x");
    }
}
