package io.github.camelvlm;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages point one way. */
@AnalyzeClasses(packages = "io.github.camelvlm", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.github.camelvlm";

    @ArchTest
    static final ArchRule packagesKnowOnlyThoseBelowThem = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("camel")
            .definedBy(ROOT)
            .layer("exchange")
            .definedBy(ROOT + ".exchange..")
            .layer("registry")
            .definedBy(ROOT + ".registry..")
            .layer("observation")
            .definedBy(ROOT + ".observation..")
            .layer("chat")
            .definedBy(ROOT + ".chat..")
            .layer("media")
            .definedBy(ROOT + ".media..")
            .layer("fetch")
            .definedBy(ROOT + ".fetch..")
            .layer("process")
            .definedBy(ROOT + ".process..")
            .layer("document")
            .definedBy(ROOT + ".document..")
            .layer("video")
            .definedBy(ROOT + ".video..")
            .layer("hub")
            .definedBy(ROOT + ".hub..")
            .layer("openai")
            .definedBy(ROOT + ".openai..")
            .layer("dialect")
            .definedBy(ROOT + ".dialect..")
            .layer("responses")
            .definedBy(ROOT + ".responses..")
            .layer("completions")
            .definedBy(ROOT + ".completions..")
            .layer("anthropic")
            .definedBy(ROOT + ".anthropic..")
            .layer("ollama")
            .definedBy(ROOT + ".ollama..")
            .layer("torch")
            .definedBy(ROOT + ".torch..")
            .layer("grammar")
            .definedBy(ROOT + ".grammar..")
            .layer("regex")
            .definedBy(ROOT + ".regex..")
            .layer("schema")
            .definedBy(ROOT + ".schema..")
            .layer("constraint")
            .definedBy(ROOT + ".constraint..")
            .layer("model")
            .definedBy(ROOT + ".model..")
            .layer("adapter")
            .definedBy(ROOT + ".adapter..")
            .layer("qwen")
            .definedBy(ROOT + ".qwen..")
            .layer("engine")
            .definedBy(ROOT + ".engine..")
            .layer("remote")
            .definedBy(ROOT + ".remote..")
            .layer("fleet")
            .definedBy(ROOT + ".fleet..")
            .layer("metrics")
            .definedBy(ROOT + ".metrics..")
            .layer("endpointdsl")
            .definedBy(ROOT + ".endpointdsl..")
            .layer("langchain4j")
            .definedBy(ROOT + ".langchain4j..")
            .layer("http")
            .definedBy(ROOT + ".http..")
            .whereLayer("endpointdsl")
            .mayNotAccessAnyLayer()
            .whereLayer("endpointdsl")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("langchain4j")
            .mayOnlyAccessLayers("camel", "chat", "openai")
            .whereLayer("langchain4j")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("camel")
            .mayOnlyAccessLayers("exchange", "registry", "observation", "chat", "metrics", "openai")
            .whereLayer("camel")
            .mayOnlyBeAccessedByLayers("langchain4j", "http")
            .whereLayer("exchange")
            .mayOnlyAccessLayers("chat", "document", "fetch", "media", "openai", "video")
            .whereLayer("registry")
            .mayOnlyAccessLayers("chat", "engine", "fleet", "hub", "media", "metrics", "observation", "remote")
            .whereLayer("observation")
            .mayOnlyAccessLayers("chat", "exchange", "metrics", "openai")
            .whereLayer("metrics")
            .mayOnlyAccessLayers("chat")
            .whereLayer("http")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("http")
            .mayOnlyAccessLayers("camel", "chat", "dialect", "openai")
            .whereLayer("dialect")
            .mayOnlyAccessLayers("chat", "openai")
            .whereLayer("responses")
            .mayOnlyAccessLayers("chat", "dialect", "openai")
            .whereLayer("responses")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("completions")
            .mayOnlyAccessLayers("chat", "dialect", "openai")
            .whereLayer("completions")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("anthropic")
            .mayOnlyAccessLayers("chat", "dialect", "openai")
            .whereLayer("anthropic")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("ollama")
            .mayOnlyAccessLayers("chat", "dialect", "openai")
            .whereLayer("ollama")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("chat")
            .mayNotAccessAnyLayer()
            .whereLayer("media")
            .mayNotAccessAnyLayer()
            .whereLayer("fetch")
            .mayOnlyAccessLayers("media")
            .whereLayer("process")
            .mayNotAccessAnyLayer()
            .whereLayer("document")
            .mayOnlyAccessLayers("chat", "media", "process")
            .whereLayer("video")
            .mayOnlyAccessLayers("chat", "media", "process")
            .whereLayer("hub")
            .mayNotAccessAnyLayer()
            .whereLayer("torch")
            .mayNotAccessAnyLayer()
            .whereLayer("openai")
            .mayOnlyAccessLayers("chat", "media")
            .whereLayer("grammar")
            .mayNotAccessAnyLayer()
            .whereLayer("regex")
            .mayOnlyAccessLayers("chat", "grammar")
            .whereLayer("schema")
            .mayOnlyAccessLayers("chat", "grammar", "regex")
            .whereLayer("constraint")
            .mayOnlyAccessLayers("chat", "grammar", "regex", "schema")
            .whereLayer("model")
            .mayOnlyAccessLayers("chat", "constraint", "grammar", "media", "torch", "video")
            .whereLayer("adapter")
            .mayOnlyAccessLayers("chat", "model", "torch")
            .whereLayer("adapter")
            .mayOnlyBeAccessedByLayers("qwen")
            .whereLayer("qwen")
            .mayOnlyAccessLayers("adapter", "chat", "media", "model", "torch", "video")
            .whereLayer("qwen")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("engine")
            .mayOnlyAccessLayers("chat", "constraint", "grammar", "model", "torch")
            .whereLayer("fleet")
            .mayOnlyAccessLayers("chat")
            .whereLayer("remote")
            .mayOnlyAccessLayers("chat", "openai");

    // A package that the rule above does not name would be free of it.
    @ArchTest
    static final ArchRule everyClassIsInAPackageThatTheArchitectureNames = classes()
            .should()
            .resideInAnyPackage(
                    ROOT,
                    ROOT + ".grammar..",
                    ROOT + ".regex..",
                    ROOT + ".schema..",
                    ROOT + ".constraint..",
                    ROOT + ".exchange..",
                    ROOT + ".registry..",
                    ROOT + ".observation..",
                    ROOT + ".chat..",
                    ROOT + ".media..",
                    ROOT + ".fetch..",
                    ROOT + ".process..",
                    ROOT + ".document..",
                    ROOT + ".video..",
                    ROOT + ".hub..",
                    ROOT + ".openai..",
                    ROOT + ".dialect..",
                    ROOT + ".responses..",
                    ROOT + ".completions..",
                    ROOT + ".anthropic..",
                    ROOT + ".ollama..",
                    ROOT + ".torch..",
                    ROOT + ".model..",
                    ROOT + ".adapter..",
                    ROOT + ".qwen..",
                    ROOT + ".engine..",
                    ROOT + ".remote..",
                    ROOT + ".fleet..",
                    ROOT + ".http..",
                    ROOT + ".metrics..",
                    ROOT + ".endpointdsl..",
                    ROOT + ".langchain4j..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyTheComponentAndWhatServesItKnowCamel = noClasses()
            .that()
            .resideOutsideOfPackages(
                    ROOT,
                    ROOT + ".exchange..",
                    ROOT + ".registry..",
                    ROOT + ".observation..",
                    ROOT + ".http..",
                    ROOT + ".endpointdsl..",
                    ROOT + ".langchain4j..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel..");

    @ArchTest
    static final ArchRule onlyTheHttpServiceKnowsVertx = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "org.apache.camel.component.platform..");

    // Its starter is an artifact of its own.
    @ArchTest
    static final ArchRule nothingKnowsSpring = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "org.apache.camel.spring..");

    @ArchTest
    static final ArchRule onlyItsChatModelsKnowLangChain4j = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".langchain4j..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.langchain4j..");

    // Both are optional: a class that knows them must not be needed without them.
    @ArchTest
    static final ArchRule onlyThoseThatAreLookedForKnowOptionalLibraries = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".http..", ROOT + ".metrics..")
            .and()
            .haveNameNotMatching(".*\\.(MeterRegistries|VlmSpanDecorator)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.opentelemetry..", "org.apache.camel.telemetry..");

    @ArchTest
    static final ArchRule onlyTorchKnowsDjl = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".torch..")
            .should()
            .dependOnClassesThat(resideInAPackage("ai.djl..").and(resideOutsideOfPackage("ai.djl.huggingface..")));

    @ArchTest
    static final ArchRule onlyTheTokenizerKnowsDjlsTokenizers = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + ".model.Tokenizer")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl.huggingface..");

    @ArchTest
    static final ArchRule onlyThoseThatAskServersKnowTheHttpClient = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".fetch..", ROOT + ".hub..", ROOT + ".remote..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.hc..");

    @ArchTest
    static final ArchRule onlyTheRemoteEngineKnowsOpenAisClient = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".remote..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.openai..", "io.github.resilience4j..");

    @ArchTest
    static final ArchRule onlyClassSchemasKnowsTheGeneratorOfSchemas = noClasses()
            .that()
            .haveNameNotMatching(".*\\.ClassSchemas(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.github.victools..");

    @ArchTest
    static final ArchRule theDomainStandsOnTheJdkAlone = classes()
            .that()
            .resideInAPackage(ROOT + ".chat..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(ROOT + ".chat..", "java..");

    @ArchTest
    static final ArchRule aNameSaysWhatAClassIs =
            noClasses().should().haveNameMatching(".*(Util|Helper|Manager|Common)s?");
}
