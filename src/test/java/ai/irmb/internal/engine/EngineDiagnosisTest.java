package ai.irmb.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineProvider;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.util.cuda.CudaUtils;
import ai.irmb.error.InferenceException;
import ai.irmb.testing.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the real engine in child JVMs whose class path lacks an artifact. */
@Tag("engine")
class EngineDiagnosisTest {
  private static final String NATIVES = "native/lib/pytorch.properties";
  private static final String JNI = "jnilib/pytorch.properties";

  @TempDir private Path folder = Path.of("");

  private final Map<String, String> environment = new HashMap<>();

  /** Loads the engine and prints its name, or the explanation of the failure. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) {
      if (args.length > 0) {
        // As on a thread of the common pool in an application with a class loader of its own.
        Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
      }
      try {
        System.out.println("said: " + PyTorchEngine.get().describe());
      } catch (InferenceException e) {
        System.out.println("said: " + e.getMessage());
      }
    }
  }

  /**
   * {@return what is said on the class path without jars that begin so, with a folder before it}
   */
  private String said(String without, List<Path> before, Path cache, String... arguments)
      throws IOException, InterruptedException {
    List<String> classPath = new ArrayList<>();
    before.forEach(each -> classPath.add(each.toString()));
    String all = System.getProperty("java.class.path");
    for (String each : all.split(File.pathSeparator, -1)) {
      if (!new File(each).getName().startsWith(without)) {
        classPath.add(each);
      }
    }
    Path log = folder.resolve("log");
    ProcessBuilder java = new ProcessBuilder(new ArrayList<>(ChildJvm.java()));
    java.command()
        .addAll(
            List.of(
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(File.pathSeparator, classPath),
                Probe.class.getName()));
    java.command().addAll(List.of(arguments));
    java.environment().put("DJL_CACHE_DIR", cache.toString());
    java.environment().putAll(environment);
    java.redirectErrorStream(true).redirectOutput(log.toFile());
    assertEquals(0, java.start().waitFor(), () -> text(log));
    return text(log)
        .lines()
        .filter(line -> line.startsWith("said: "))
        .findFirst()
        .orElseGet(() -> text(log))
        .replaceFirst("^said: ", "");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private Path with(String resource, String... lines) throws IOException {
    Path top = Files.createTempDirectory(folder, "more");
    Path file = top.resolve(resource);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, List.of(lines));
    return top;
  }

  private static String property(String resource, String key) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = EngineDiagnosisTest.class.getResourceAsStream("/" + resource)) {
      properties.load(Objects.requireNonNull(in, resource));
    }
    return properties.getProperty(key, "");
  }

  /** Only Maven fills them in; a plain compiler copies the placeholders. */
  private static void assumeFilled() {
    Assumptions.assumeFalse(
        EngineVersions.get().pairs().contains("${"), "the versions are not filled in");
  }

  @Test
  void namesTheNativesOfThePairThatIsThere() throws Exception {
    assumeFilled();
    String said = said("pytorch-native", List.of(), folder);
    assertTrue(
        said.startsWith(
            "the engine's natives are not on the class path; add"
                + " ai.djl.pytorch:pytorch-native-cpu:"
                + property(NATIVES, "version").replaceFirst("-.*", "")
                + " with classifier "
                + property(NATIVES, "classifier")),
        said);
    String jni = "ai.djl.pytorch:pytorch-jni:" + property(JNI, "jni_version");
    assertTrue(said.contains(jni) && said.contains("PYTORCH_LIBRARY_PATH"), said);
  }

  @Test
  void namesTheEngine() throws Exception {
    String said = said("pytorch-engine", List.of(), folder);
    assertTrue(said.startsWith("DJL's PyTorch engine is not on the class path"), said);
  }

  /** As a merged jar: one file of this name, and DJL's own remote engine, if any, is in it. */
  @Test
  void findsTheEngineWithoutItsServiceFile() throws Exception {
    String services = "META-INF/services/ai.djl.engine.EngineProvider";
    String remote = "ai.djl.engine.rpc.RpcEngineProvider";
    boolean hasRemote = EngineProvider.class.getResource("rpc/RpcEngineProvider.class") != null;
    Path merged = with(services, hasRemote ? remote : "# none");
    assertEquals(
        PyTorchEngine.get().describe(),
        said("pytorch-engine", List.of(merged, engineWithout(services)), ChildJvm.cache()));
  }

  private Path engineWithout(String name) throws IOException {
    Path copy = folder.resolve("engine.jar");
    Files.copy(location(PtEngine.class), copy);
    try (FileSystem jar = FileSystems.newFileSystem(copy)) {
      Files.delete(jar.getPath(name));
    }
    return copy;
  }

  private static Path location(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  @Test
  void reportsNativesOfAnotherPlatform() throws Exception {
    Path other = with(NATIVES, "version=2.7.1", "flavor=cpu", "classifier=plan9-x86_64");
    String said = said("pytorch-native", List.of(other), folder);
    assertTrue(said.startsWith("the natives on the class path are for cpu on plan9-x86_64"), said);
  }

  @Test
  void reportsMissingCuda() throws Exception {
    Assumptions.assumeTrue(CudaUtils.getGpuCount() == 0, "SKIPPED: there is a GPU");
    Path cuda =
        with(
            NATIVES,
            "version=" + property(NATIVES, "version"),
            "flavor=cu121",
            "classifier=" + property(NATIVES, "classifier"));
    String said = said("pytorch-native", List.of(cuda), folder);
    assertTrue(said.startsWith("the natives on the class path are for CUDA (cu121 on "), said);
    assertTrue(said.contains(CudaDriver.explain() + "; to run on the CPU, use "), said);
  }

  @Test
  void namesTheJniLibraryThatIsOfAnotherVersion() throws Exception {
    Path other = with(JNI, "jni_version=2.1.1-0.27.0");
    String said = said("pytorch-jni", List.of(other), folder);
    assertTrue(said.startsWith("the pytorch-jni on the class path is 2.1.1-0.27.0"), said);
    assertTrue(said.contains("pytorch-jni:" + property(JNI, "jni_version")), said);
  }

  @Test
  void namesTheCacheFolderThatCannotBeWritten() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    String said = said("none", List.of(), file);
    assertTrue(said.startsWith("the engine unpacks its natives into a cache folder"), said);
    assertTrue(said.contains(file.toString()) && said.contains("DJL_CACHE_DIR"), said);
  }

  @Test
  void loadsOnAThreadWhoseClassLoaderFindsNothing() throws Exception {
    assertEquals(
        PyTorchEngine.get().describe(), said("none", List.of(), ChildJvm.cache(), "blind"));
  }

  @Test
  void explainsLinkFailures() {
    String failure = "libc10.so: no rule is about this";
    assertEquals(
        LinkDiagnosis.explain(failure),
        EngineDiagnosis.explain(new IllegalStateException(new UnsatisfiedLinkError(failure))));
  }

  /** A PyTorch as pip installs it: the unpacked natives, beside a file that says their version. */
  private Path installed(String version) throws IOException {
    Path natives;
    try (Stream<Path> versions = Files.list(ChildJvm.cache().resolve("pytorch"))) {
      String current = property(NATIVES, "version") + "-";
      natives =
          versions
              .filter(each -> String.valueOf(each.getFileName()).startsWith(current))
              .findFirst()
              .orElseThrow();
    }
    Path lib = Files.createDirectories(folder.resolve("torch/lib"));
    try (Stream<Path> files = Files.list(natives)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (!name.contains("djl_torch")) {
          // Copied: the version is looked for beside the library that a link leads to.
          Files.copy(file, lib.resolve(name));
        }
      }
    }
    Files.writeString(folder.resolve("torch/version.py"), "__version__ = '" + version + "'\n");
    environment.put("PYTORCH_LIBRARY_PATH", lib.toString());
    return lib;
  }

  private static String pytorch() throws IOException {
    return property(NATIVES, "version").replaceFirst("-.*", "");
  }

  @Test
  void runsOnTheMachinesOwnPyTorch() throws Exception {
    PyTorchEngine.get().describe();
    Path lib = installed(pytorch() + "+cpu");
    String expected = PyTorchEngine.get().describe();
    assertEquals(expected, said("pytorch-native", List.of(), folder.resolve("cache")));
    Path links = Files.createDirectory(folder.resolve("links"));
    for (String name : List.of("c10", "torch_cpu", "torch")) {
      String file = System.mapLibraryName(name);
      Files.createSymbolicLink(links.resolve(file), lib.resolve(file));
    }
    environment.put("PYTORCH_LIBRARY_PATH", links.toString());
    assertEquals(expected, said("pytorch-native", List.of(), folder.resolve("cache2")));
  }

  @Test
  void namesWhatIsWrongWithTheMachinesOwnPyTorch() throws Exception {
    PyTorchEngine.get().describe();
    environment.put("PYTORCH_LIBRARY_PATH", folder.toString());
    String none = said("pytorch-native", List.of(), folder);
    assertTrue(none.contains(folder + ": there is no ") && none.contains("torch/lib"), none);

    Path lib = installed("1.13.0+cpu");
    String other = said("pytorch-native", List.of(), folder);
    assertTrue(other.contains(lib + ": this is PyTorch 1.13.0 (cpu"), other);
    assertTrue(other.contains("pytorch-jni " + property(JNI, "jni_version")), other);

    environment.put("PYTORCH_VERSION", pytorch());
    environment.put("PYTORCH_FLAVOR", "cu999");
    String flavor = said("pytorch-native", List.of(), folder);
    assertTrue(flavor.contains("has no library for cu999"), flavor);
    environment.remove("PYTORCH_VERSION");
    environment.remove("PYTORCH_FLAVOR");

    Files.createFile(lib.resolve(System.mapLibraryName("torch_cuda")));
    Files.writeString(folder.resolve("torch/version.py"), "__version__ = '" + pytorch() + "'\n");
    String cuda = said("pytorch-native", List.of(), folder);
    assertTrue(cuda.contains("is for CUDA") && cuda.contains("PYTORCH_FLAVOR"), cuda);

    Files.writeString(folder.resolve("torch/version.py"), "");
    String unknown = said("pytorch-native", List.of(), folder);
    assertTrue(unknown.contains("is not known") && unknown.contains("PYTORCH_VERSION"), unknown);
  }
}
