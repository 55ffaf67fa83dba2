package io.github.camelvlm;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** An application without Spring AI starts: only what is looked for by a condition knows its classes. */
@AnalyzeClasses(packages = "io.github.camelvlm", importOptions = ImportOption.DoNotIncludeTests.class)
class StarterArchitectureTest {
    @ArchTest
    static final ArchRule onlyTheChatModelAndItsConfigurationKnowSpringAi = noClasses()
            .that()
            .resideOutsideOfPackage("io.github.camelvlm.springai..")
            .and()
            .doNotHaveSimpleName("VlmChatModelAutoConfiguration")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.ai..", "io.github.camelvlm.springai..");
}
