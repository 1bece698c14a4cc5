package dev.buzon;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.io.FileInputStream;

/** Which rooms of the house have doors to which. */
@AnalyzeClasses(packages = "dev.buzon", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule DOORS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("cli")
            .definedBy("dev.buzon.cli..")
            .layer("daemon")
            .definedBy("dev.buzon.daemon..")
            .layer("engine")
            .definedBy("dev.buzon.engine..")
            .layer("simulate")
            .definedBy("dev.buzon.simulate..")
            .layer("jmx")
            .definedBy("dev.buzon.jmx..")
            .layer("web")
            .definedBy("dev.buzon.web..")
            .layer("monitor")
            .definedBy("dev.buzon.monitor..")
            .layer("jobs")
            .definedBy("dev.buzon.invoice..", "dev.buzon.bizum..")
            .layer("delivery")
            .definedBy("dev.buzon.delivery..")
            .layer("intake")
            .definedBy("dev.buzon.intake..")
            .layer("database")
            .definedBy("dev.buzon.database..")
            .layer("home")
            .definedBy("dev.buzon.home..")
            .layer("spark")
            .definedBy("dev.buzon.spark..")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("daemon")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("engine")
            .mayOnlyBeAccessedByLayers("daemon")
            .whereLayer("simulate")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("jmx")
            .mayOnlyBeAccessedByLayers("cli", "daemon")
            .whereLayer("web")
            .mayOnlyBeAccessedByLayers("daemon")
            .whereLayer("monitor")
            .mayOnlyBeAccessedByLayers("cli", "daemon", "jmx", "web")
            // The routes name the jobs; no class does.
            .whereLayer("jobs")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("delivery")
            .mayOnlyBeAccessedByLayers("jobs", "engine", "monitor", "jmx", "web", "daemon", "cli")
            .whereLayer("intake")
            .mayOnlyBeAccessedByLayers("jobs", "delivery", "monitor", "daemon")
            .whereLayer("database")
            .mayOnlyBeAccessedByLayers("delivery", "monitor", "daemon", "cli")
            .whereLayer("spark")
            .mayOnlyBeAccessedByLayers("jobs", "engine", "daemon")
            .whereLayer("database")
            .mayOnlyAccessLayers("home")
            .whereLayer("home")
            .mayNotAccessAnyLayer()
            .whereLayer("spark")
            .mayNotAccessAnyLayer()
            .whereLayer("simulate")
            .mayNotAccessAnyLayer();

    /** Others would follow links, or wait for pipes. */
    @ArchTest
    static final ArchRule ONE_WAY_TO_OPEN_A_SOURCE = noClasses()
            .that()
            .resideInAPackage("dev.buzon.intake..")
            .and()
            .doNotHaveSimpleName("RegularFile")
            .should()
            .callMethodWhere(
                    target(nameMatching("open|newInputStream|newByteChannel|newBufferedReader|setPath|setFile"))
                            .and(target(owner(not(resideInAnyPackage("dev.buzon..", "org.apache.camel.."))))))
            .orShould()
            .callConstructor(FileInputStream.class, File.class)
            .orShould()
            .callConstructor(FileInputStream.class, String.class);

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.buzon.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule JOBS_APART =
            slices().matching("dev.buzon.(invoice|bizum)..").should().notDependOnEachOther();
}
