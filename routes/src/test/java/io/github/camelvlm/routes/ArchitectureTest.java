package io.github.camelvlm.routes;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Routes know nothing of one another, but for what a queue takes from S3, and nothing of the start. */
@AnalyzeClasses(packages = "io.github.camelvlm.routes", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.github.camelvlm.routes";

    @ArchTest
    static final ArchRule packagesKnowOnlyThoseBelowThem = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("application")
            .definedBy(ROOT)
            .layer("command")
            .definedBy(ROOT + ".command")
            .layer("start")
            .definedBy(ROOT + ".start")
            .layer("telemetry")
            .definedBy(ROOT + ".telemetry")
            .layer("folder")
            .definedBy(ROOT + ".folder")
            .layer("queue")
            .definedBy(ROOT + ".queue")
            .layer("s3")
            .definedBy(ROOT + ".s3")
            .layer("batch")
            .definedBy(ROOT + ".batch")
            .layer("page")
            .definedBy(ROOT + ".page")
            .layer("report")
            .definedBy(ROOT + ".report")
            .whereLayer("application")
            .mayOnlyAccessLayers("command", "report", "start")
            .whereLayer("application")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("command")
            .mayOnlyAccessLayers("batch", "report", "start")
            .whereLayer("start")
            .mayOnlyAccessLayers("telemetry")
            .whereLayer("telemetry")
            .mayNotAccessAnyLayer()
            .whereLayer("folder")
            .mayOnlyAccessLayers("batch", "report")
            .whereLayer("queue")
            .mayOnlyAccessLayers("batch", "report", "s3")
            .whereLayer("s3")
            .mayOnlyAccessLayers("batch", "report")
            .whereLayer("batch")
            .mayOnlyAccessLayers("report")
            .whereLayer("page")
            .mayOnlyAccessLayers("report")
            .whereLayer("report")
            .mayNotAccessAnyLayer();

    // A package that the rule above does not name would be free of it.
    @ArchTest
    static final ArchRule everyClassIsInAPackageThatTheArchitectureNames = classes()
            .should()
            .resideInAnyPackage(
                    ROOT,
                    ROOT + ".command",
                    ROOT + ".start",
                    ROOT + ".telemetry",
                    ROOT + ".folder",
                    ROOT + ".queue",
                    ROOT + ".s3",
                    ROOT + ".batch",
                    ROOT + ".page",
                    ROOT + ".report");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();
}
