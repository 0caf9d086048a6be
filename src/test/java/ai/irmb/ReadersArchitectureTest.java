package ai.irmb;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Untrusted bytes are parsed in plain Java, and no name in them is looked up (promises P1 and P2).
 */
@Tag("fast")
class ReadersArchitectureTest {
  private static final String[] READERS = {
    "ai.irmb.internal.weights..", "ai.irmb.internal.checkpoint..", "ai.irmb.internal.json.."
  };

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("ai.irmb");

  @Test
  void readersUseNeitherEngineNorReflectionNorSerialization() {
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
  void thePickleReaderDoesNotDependOnTensors() {
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
