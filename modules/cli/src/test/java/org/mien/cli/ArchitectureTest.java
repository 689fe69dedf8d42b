package org.mien.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom: the rooms of docs/architecture.md. */
@AnalyzeClasses(packages = "org.mien", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String[] NETWORKS = {
    "org.deeplearning4j..", "org.nd4j..", "ai.onnxruntime..", "onnx.."
  };

  @ArchTest
  static final ArchRule coreStandsOnNothing =
      noClasses()
          .that()
          .resideInAPackage("org.mien.core..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.mien.data..",
              "org.mien.model..",
              "org.mien.eval..",
              "org.mien.trainer..",
              "org.mien.cli..",
              "org.deeplearning4j..",
              "org.nd4j..",
              "org.datavec..");

  @ArchTest
  static final ArchRule dataKnowsOnlyCore =
      noClasses()
          .that()
          .resideInAPackage("org.mien.data..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.mien.model..", "org.mien.eval..", "org.mien.trainer..", "org.mien.cli..");

  @ArchTest
  static final ArchRule modelKnowsOnlyCore =
      noClasses()
          .that()
          .resideInAPackage("org.mien.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.mien.data..", "org.mien.eval..", "org.mien.trainer..", "org.mien.cli..");

  @ArchTest
  static final ArchRule evalKnowsNoModelsAndNoTraining =
      noClasses()
          .that()
          .resideInAPackage("org.mien.eval..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.mien.model..", "org.mien.trainer..", "org.mien.cli..");

  @ArchTest
  static final ArchRule evalKnowsNoNetworkTypes =
      noClasses()
          .that()
          .resideInAPackage("org.mien.eval..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(NETWORKS);

  @ArchTest
  static final ArchRule trainerKnowsNoCommandLine =
      noClasses()
          .that()
          .resideInAPackage("org.mien.trainer..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.mien.cli..");

  @ArchTest
  static final ArchRule onlyTheCommandLineParsesOptionsAndSetsUpLogging =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.mien.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.beust.jcommander..", "ch.qos.logback..");

  @ArchTest
  static void onlyTheCommandLineEndsTheProcessOrPrints(JavaClasses classes) {
    noClasses()
        .that()
        .resideInAPackage("org.mien..")
        .and()
        .resideOutsideOfPackages("org.mien.cli..", "org.mien.testing..")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(classes);
  }

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("org.mien.(*).(*)..").should().beFreeOfCycles();
}
