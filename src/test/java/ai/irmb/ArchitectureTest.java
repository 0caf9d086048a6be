package ai.irmb;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who may import whom: the table is the test. */
@Tag("fast")
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("ai.irmb");

  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry(
              "",
              Set.of(
                  "block",
                  "error",
                  "image",
                  "internal.block",
                  "internal.checkpoint",
                  "internal.config",
                  "internal.error",
                  "internal.engine",
                  "internal.execution",
                  "internal.file",
                  "internal.geometry",
                  "internal.image",
                  "internal.json",
                  "internal.network",
                  "internal.postprocess",
                  "internal.text",
                  "internal.validate",
                  "limit",
                  "tensor",
                  "validate")),
          Map.entry("block", Set.of("error", "ops", "tensor")),
          Map.entry("draw", Set.of("", "error", "image")),
          Map.entry("error", Set.of("internal.error")),
          Map.entry(
              "format",
              Set.of(
                  "",
                  "image",
                  "internal.error",
                  "internal.file",
                  "internal.json",
                  "internal.text")),
          Map.entry("image", Set.of("error", "internal.image", "limit")),
          Map.entry(
              "internal.block",
              Set.of(
                  "block",
                  "error",
                  "internal.block.yolo",
                  "internal.config",
                  "internal.error",
                  "internal.head",
                  "internal.weights",
                  "ops",
                  "tensor")),
          Map.entry("internal.block.yolo", Set.of("block", "ops", "tensor")),
          Map.entry(
              "internal.checkpoint",
              Set.of(
                  "block",
                  "error",
                  "internal.error",
                  "internal.file",
                  "internal.head",
                  "internal.json",
                  "internal.limit",
                  "internal.weights",
                  "internal.weights.pickle",
                  "internal.weights.safetensors",
                  "internal.weights.torch",
                  "limit",
                  "tensor")),
          Map.entry(
              "internal.cli",
              Set.of(
                  "",
                  "draw",
                  "error",
                  "format",
                  "image",
                  "internal.block",
                  "internal.checkpoint",
                  "internal.config",
                  "internal.engine",
                  "internal.error",
                  "internal.execution",
                  "internal.file",
                  "internal.geometry",
                  "internal.image",
                  "internal.json",
                  "internal.network",
                  "internal.platform",
                  "internal.plot",
                  "internal.postprocess",
                  "internal.validate",
                  "internal.weights",
                  "internal.weights.npz",
                  "limit",
                  "tensor",
                  "track",
                  "validate",
                  "video")),
          Map.entry(
              "internal.config",
              Set.of(
                  "error",
                  "internal.error",
                  "internal.file",
                  "internal.limit",
                  "internal.text",
                  "limit")),
          Map.entry("internal.engine", Set.of("error", "internal.error", "internal.platform")),
          Map.entry("internal.error", Set.of("error")),
          Map.entry(
              "internal.execution",
              Set.of(
                  "",
                  "error",
                  "internal.block",
                  "internal.engine",
                  "internal.head",
                  "internal.network",
                  "internal.ops.eager",
                  "internal.ops.torchscript",
                  "internal.platform",
                  "internal.postprocess",
                  "ops",
                  "tensor")),
          Map.entry("internal.file", Set.of("error")),
          Map.entry("internal.geometry", Set.of("error")),
          Map.entry("internal.head", Set.of("tensor")),
          Map.entry(
              "internal.image",
              Set.of(
                  "error",
                  "image",
                  "internal.file",
                  "internal.geometry",
                  "internal.limit",
                  "limit")),
          Map.entry("internal.json", Set.of("error", "internal.error", "internal.limit", "limit")),
          Map.entry("internal.limit", Set.of("error", "internal.error", "limit")),
          Map.entry(
              "internal.network",
              Set.of(
                  "block",
                  "error",
                  "internal.block",
                  "internal.checkpoint",
                  "internal.config",
                  "internal.error",
                  "internal.file",
                  "internal.limit",
                  "internal.head",
                  "internal.ops.onnx",
                  "internal.ops.shape",
                  "internal.weights",
                  "limit",
                  "ops",
                  "tensor")),
          Map.entry("internal.ops.eager", Set.of("error", "ops", "tensor")),
          Map.entry("internal.ops.onnx", Set.of("error", "internal.head", "ops", "tensor")),
          Map.entry("internal.ops", Set.of()),
          Map.entry("internal.ops.shape", Set.of("error", "internal.ops", "ops", "tensor")),
          Map.entry(
              "internal.ops.torchscript",
              Set.of(
                  "error",
                  "internal.engine",
                  "internal.error",
                  "internal.head",
                  "internal.ops",
                  "ops",
                  "tensor")),
          Map.entry("internal.plot", Set.of("internal.file", "internal.validate", "validate")),
          Map.entry("internal.postprocess", Set.of("error", "internal.geometry", "internal.head")),
          Map.entry("internal.text", Set.of("internal.error")),
          Map.entry(
              "internal.validate",
              Set.of(
                  "error",
                  "image",
                  "internal.config",
                  "internal.engine",
                  "internal.error",
                  "internal.execution",
                  "internal.geometry",
                  "internal.image",
                  "internal.network",
                  "internal.postprocess",
                  "internal.text",
                  "limit",
                  "validate")),
          Map.entry(
              "internal.weights",
              Set.of(
                  "error", "internal.error", "internal.file", "internal.limit", "limit", "tensor")),
          Map.entry(
              "internal.weights.npz",
              Set.of("error", "internal.error", "internal.limit", "limit", "tensor")),
          Map.entry(
              "internal.weights.pickle",
              Set.of("error", "internal.error", "internal.limit", "limit")),
          Map.entry(
              "internal.weights.safetensors",
              Set.of(
                  "error",
                  "internal.error",
                  "internal.file",
                  "internal.json",
                  "internal.limit",
                  "internal.weights",
                  "limit",
                  "tensor")),
          Map.entry(
              "internal.weights.torch",
              Set.of(
                  "error",
                  "internal.error",
                  "internal.limit",
                  "internal.weights",
                  "internal.weights.pickle",
                  "limit",
                  "tensor")),
          Map.entry("limit", Set.of("error")),
          Map.entry("ops", Set.of("error", "tensor")),
          Map.entry("tensor", Set.of("error")),
          Map.entry("track", Set.of("", "error")),
          Map.entry("validate", Set.of()),
          Map.entry(
              "video",
              Set.of(
                  "error",
                  "image",
                  "internal.engine",
                  "internal.file",
                  "internal.limit",
                  "internal.platform",
                  "limit")));

  @Test
  void packagesImportOnlyWhatTheTableLists() {
    Map<String, Set<String>> beyond = new TreeMap<>();
    for (JavaClass from : CLASSES) {
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        JavaClass to = dependency.getTargetClass().getBaseComponentType();
        String source = local(from.getPackageName());
        if (!to.getPackageName().startsWith("ai.irmb")) {
          continue;
        }
        String target = local(to.getPackageName());
        if (!source.equals(target) && !MAY_IMPORT.getOrDefault(source, Set.of()).contains(target)) {
          beyond.computeIfAbsent(source, s -> new TreeSet<>()).add(target);
        }
      }
    }
    assertEquals(Map.of(), beyond);
  }

  private static String local(String packageName) {
    return packageName.equals("ai.irmb") ? "" : packageName.substring("ai.irmb.".length());
  }

  @Test
  void engineStaysWhereNetworksRun() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "ai.irmb.internal.ops.eager",
            "ai.irmb.internal.ops.torchscript",
            "ai.irmb.internal.engine",
            "ai.irmb.internal.execution")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(CLASSES);
  }

  @Test
  void imageClassesOfTheJdkStayInTheirPackages() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "ai.irmb",
            "ai.irmb.image",
            "ai.irmb.internal.image",
            "ai.irmb.draw",
            "ai.irmb.internal.plot")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.awt..", "javax.imageio..")
        .check(CLASSES);
  }

  @Test
  void yamlParserStaysInSpec() {
    noClasses()
        .that()
        .resideOutsideOfPackage("ai.irmb.internal.config")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.yaml..")
        .check(CLASSES);
  }

  @Test
  void chartsStayInPlot() {
    noClasses()
        .that()
        .resideOutsideOfPackage("ai.irmb.internal.plot")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.knowm..")
        .check(CLASSES);
  }

  @Test
  void optionalLibraryStaysInVideo() {
    noClasses()
        .that()
        .resideOutsideOfPackage("ai.irmb.video")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(CLASSES);
  }

  @Test
  void nothingIsLookedUpByName() {
    noClasses().should().callMethod(Class.class, "forName", String.class).check(CLASSES);
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(java.io.ObjectInputStream.class)
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLineEndsTheJvm() {
    noClasses()
        .that()
        .resideOutsideOfPackage("ai.irmb.internal.cli")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .accessField(System.class, "out")
        .check(CLASSES);
  }
}
