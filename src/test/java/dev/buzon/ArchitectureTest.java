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
import com.tngtech.archunit.library.Architectures;
import java.io.File;
import java.io.FileInputStream;

/** Which rooms of the house have doors to which. */
@AnalyzeClasses(packages = "dev.buzon", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    /** Who may use whom, from the faces down to the ground. */
    @ArchTest
    static final ArchRule DOORS = rooms(
            door("cli", "daemon", "jmx", "monitor", "delivery", "ledger", "database", "simulate", "job", "home"),
            door(
                    "daemon",
                    "web",
                    "jmx",
                    "monitor",
                    "delivery",
                    "ledger",
                    "database",
                    "engine",
                    "spark",
                    "intake",
                    "job",
                    "home"),
            door("web", "monitor", "delivery", "ledger", "job", "home"),
            door("jmx", "monitor", "delivery", "ledger", "job", "home"),
            door("monitor", "delivery", "ledger", "database", "intake", "job", "home"),
            // The routes name the jobs; no class does.
            door("invoice", "job", "spark", "intake"),
            door("bizum", "job", "spark", "intake"),
            door("delivery", "ledger", "job", "intake", "home"),
            door("ledger", "database", "intake", "job", "home"),
            door("engine", "spark", "home"),
            door("database", "home"),
            door("intake", "home"),
            door("job", "spark"),
            door("home"),
            door("spark"),
            door("simulate"));

    private record Door(String from, String... to) {}

    private static Door door(String from, String... to) {
        return new Door(from, to);
    }

    private static ArchRule rooms(Door... doors) {
        Architectures.LayeredArchitecture rooms = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (Door door : doors) {
            rooms = rooms.layer(door.from).definedBy("dev.buzon." + door.from + "..");
        }
        for (Door door : doors) {
            rooms = door.to.length == 0
                    ? rooms.whereLayer(door.from).mayNotAccessAnyLayer()
                    : rooms.whereLayer(door.from).mayOnlyAccessLayers(door.to);
        }
        return rooms;
    }

    /** Executors of a cluster have no Camel. */
    @ArchTest
    static final ArchRule NO_CAMEL_ON_EXECUTORS = noClasses()
            .that()
            .resideInAnyPackage("dev.buzon.job..", "dev.buzon.invoice..", "dev.buzon.bizum..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel..");

    /** The life of a batch is plain Java: what knows of exchanges and of Spark is named here. */
    @ArchTest
    static final ArchRule PLAIN_LIFE = noClasses()
            .that()
            .resideInAPackage("dev.buzon.delivery..")
            .and()
            .haveNameNotMatching(".*\\.(RouteSteps|SecondChances|SnapshotSteps|AfterPoll)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.camel", "org.apache.camel.component..", "org.apache.spark..");

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
