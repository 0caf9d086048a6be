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
import org.junit.jupiter.api.Test;

/** Who may import whom: the table is the test. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("ai.irmb");

  private static final Map<String, Set<String>> MAY =
      Map.ofEntries(
          Map.entry(
              "",
              Set.of(
                  "block",
                  "checkpoint",
                  "error",
                  "execution",
                  "image",
                  "limit",
                  "network",
                  "postprocess",
                  "spec",
                  "tensor",
                  "validate")),
          Map.entry("error", Set.of()),
          Map.entry("limit", Set.of()),
          Map.entry("file", Set.of()),
          Map.entry("image", Set.of("error", "limit", "file")),
          Map.entry("draw", Set.of("", "error", "image")),
          Map.entry("video", Set.of("error", "limit", "file", "image")),
          Map.entry("track", Set.of("")),
          Map.entry("tensor", Set.of("error")),
          Map.entry("json", Set.of("error", "limit")),
          Map.entry("module", Set.of("tensor")),
          Map.entry("ops", Set.of("tensor", "error")),
          Map.entry("ops.eager", Set.of("ops", "tensor", "error")),
          Map.entry("ops.onnx", Set.of("ops", "tensor", "error")),
          Map.entry("ops.shape", Set.of("ops", "tensor", "error")),
          Map.entry("ops.torchscript", Set.of("ops", "tensor", "error")),
          Map.entry("spec", Set.of("error", "limit")),
          Map.entry(
              "validate",
              Set.of("error", "execution", "image", "limit", "network", "postprocess", "spec")),
          Map.entry("plot", Set.of("error", "file", "validate")),
          Map.entry("weights", Set.of("tensor", "error", "limit")),
          Map.entry("weights.pickle", Set.of("error", "limit")),
          Map.entry(
              "weights.torch", Set.of("weights", "weights.pickle", "tensor", "error", "limit")),
          Map.entry(
              "weights.safetensors", Set.of("weights", "tensor", "error", "limit", "json", "file")),
          Map.entry("weights.npz", Set.of("tensor", "error", "limit")),
          Map.entry(
              "checkpoint",
              Set.of(
                  "weights",
                  "weights.pickle",
                  "weights.torch",
                  "weights.safetensors",
                  "module",
                  "tensor",
                  "error",
                  "limit",
                  "json")),
          Map.entry("block", Set.of("ops", "spec", "weights", "module", "tensor", "error")),
          Map.entry(
              "network",
              Set.of(
                  "block",
                  "checkpoint",
                  "file",
                  "ops",
                  "ops.onnx",
                  "ops.shape",
                  "spec",
                  "weights",
                  "module",
                  "tensor",
                  "error",
                  "limit")),
          Map.entry("postprocess", Set.of("tensor", "error")),
          Map.entry(
              "execution",
              Set.of(
                  "block",
                  "network",
                  "ops",
                  "ops.eager",
                  "ops.torchscript",
                  "postprocess",
                  "tensor",
                  "error")),
          Map.entry(
              "cli",
              Set.of(
                  "",
                  "block",
                  "checkpoint",
                  "draw",
                  "error",
                  "execution",
                  "file",
                  "image",
                  "json",
                  "limit",
                  "network",
                  "plot",
                  "postprocess",
                  "spec",
                  "tensor",
                  "track",
                  "validate",
                  "video",
                  "weights",
                  "weights.npz")));

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
        if (!source.equals(target) && !MAY.getOrDefault(source, Set.of()).contains(target)) {
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
            "ai.irmb.ops.eager", "ai.irmb.ops.torchscript", "ai.irmb.execution")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(CLASSES);
  }

  @Test
  void picturesStayInTheirPackages() {
    noClasses()
        .that()
        .resideOutsideOfPackages("ai.irmb", "ai.irmb.image", "ai.irmb.draw", "ai.irmb.plot")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.awt..", "javax.imageio..")
        .check(CLASSES);
  }

  @Test
  void yamlParserStaysInSpec() {
    noClasses()
        .that()
        .resideOutsideOfPackage("ai.irmb.spec")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.yaml..")
        .check(CLASSES);
  }

  @Test
  void chartsStayInPlot() {
    noClasses()
        .that()
        .resideOutsideOfPackage("ai.irmb.plot")
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
        .resideOutsideOfPackage("ai.irmb.cli")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .accessField(System.class, "out")
        .check(CLASSES);
  }
}
