package ai.irmb;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * Promises 1 and 2: bytes from outside are read by plain Java, and nothing in them is looked up.
 */
class ReadersArchitectureTest {
  private static final String[] READERS = {
    "ai.irmb.internal.weights..", "ai.irmb.internal.checkpoint..", "ai.irmb.internal.json.."
  };

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("ai.irmb");

  @Test
  void readersKnowNeitherEngineNorReflectionNorSerialization() {
    noClasses()
        .that()
        .resideInAnyPackage(READERS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "ai.djl..",
            "java.lang.reflect..",
            "java.lang.invoke..",
            "javax.script..",
            "java.net..",
            "sun..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.io.ObjectInputStream")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.ProcessBuilder")
        .orShould()
        .callMethod(Class.class, "forName", String.class)
        .check(classes);
  }

  @Test
  void thePickleMachineKnowsNothingOfTensors() {
    noClasses()
        .that()
        .resideInAPackage("ai.irmb.internal.weights.pickle")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "ai.irmb.tensor..",
            "ai.irmb.block..",
            "ai.irmb.internal.checkpoint..",
            "ai.irmb.internal.weights.torch..")
        .check(classes);
  }
}
