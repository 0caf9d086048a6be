package ai.irmb.internal.engine;

import ai.djl.util.cuda.CudaUtils;
import ai.irmb.internal.platform.Platform;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Explains why the engine did not load and what to do about it. The engine reports most causes as a
 * failed download, so the class path is examined first.
 */
final class EngineDiagnosis {
  private final BundledNatives bundled;
  private final String classifier = Platform.classifier();
  private final EngineVersions versions = EngineVersions.get();

  private EngineDiagnosis(ClassLoader loader) {
    this.bundled = new BundledNatives(loader);
  }

  /**
   * {@return a class loader that finds the natives: the thread's, or the library's own if only that
   * one does}
   *
   * <p>The engine uses the thread's class loader. On a thread of the common pool that is the JVM's,
   * which finds nothing of an application with a class loader of its own, as in a Spring Boot jar
   * or a web container.
   *
   * @param context the thread's class loader
   */
  static @Nullable ClassLoader loaderOfNatives(@Nullable ClassLoader context) {
    ClassLoader own = EngineDiagnosis.class.getClassLoader();
    // With the machine's own PyTorch there are no natives, but the JNI library.
    String needed = InstalledPyTorch.isConfigured() ? BundledNatives.JNI : BundledNatives.NATIVES;
    boolean isMissing = context == null || context.getResource(needed) == null;
    return isMissing && own != null && own.getResource(needed) != null ? own : context;
  }

  /** {@return the cause and the remedy in one sentence} */
  static String explain(Throwable failure) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return new EngineDiagnosis(context == null ? ClassLoader.getSystemClassLoader() : context)
        .sentence(failure);
  }

  private String sentence(Throwable failure) {
    String problem = classPathProblem();
    if (problem != null) {
      return problem;
    }
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof UnsatisfiedLinkError) {
        return LinkDiagnosis.explain(String.valueOf(t.getMessage()));
      }
      if (t instanceof FileSystemException file) {
        return "the engine unpacks its natives into a cache folder and cannot write there ("
            + file.getMessage()
            + "); set the environment variable DJL_CACHE_DIR to a folder that can be written";
      }
    }
    return "the engine does not start (" + deepest(failure) + ")";
  }

  /** {@return the artifact that the class path lacks or has too much, or null} */
  private @Nullable String classPathProblem() {
    List<Properties> engines = bundled.propertiesOf(BundledNatives.ENGINE);
    if (engines.isEmpty()) {
      return "DJL's PyTorch engine is not on the class path; add"
          + " ai.djl.pytorch:pytorch-engine:"
          + versions.current().djl();
    }
    if (InstalledPyTorch.isConfigured()) {
      // Its libraries were checked before they were loaded.
      return null;
    }
    List<Properties> natives = bundled.propertiesOf(BundledNatives.NATIVES);
    if (natives.isEmpty()) {
      return "the engine's natives are not on the class path; add "
          + requiredArtifacts()
          + ", or set PYTORCH_LIBRARY_PATH to the libraries of a PyTorch of the machine";
    }
    Properties matching = null;
    StringBuilder others = new StringBuilder();
    for (Properties candidate : natives) {
      if (isForThisPlatform(candidate)) {
        matching = candidate;
      }
      others.append(others.length() == 0 ? "" : ", ").append(name(candidate));
    }
    if (matching == null) {
      return "the natives on the class path are for "
          + others
          + ", but this is "
          + classifier
          + "; add "
          + requiredArtifacts();
    }
    String flavor = matching.getProperty("flavor", "cpu");
    if (flavor.startsWith("cu") && CudaUtils.getGpuCount() == 0) {
      return "the natives on the class path are for CUDA ("
          + name(matching)
          + "), but they find no GPU: "
          + CudaDriver.explain()
          + "; to run on the CPU, use "
          + requiredArtifacts()
          + " instead";
    }
    return jniProblem(engines.get(0), matching);
  }

  private @Nullable String jniProblem(Properties engine, Properties natives) {
    // 2.7.1-20250812 is a build of 2.7.1.
    String pytorch = natives.getProperty("version", "").replaceFirst("-.*", "");
    String version = pytorch + "-" + engine.getProperty("djl_version", "");
    List<Properties> jnis = bundled.propertiesOf(BundledNatives.JNI);
    if (jnis.stream().anyMatch(p -> p.getProperty("jni_version", "").startsWith(version))) {
      return null;
    }
    String problem =
        jnis.isEmpty()
            ? "pytorch-jni is not on the class path"
            : "the pytorch-jni on the class path is " + jnis.get(0).getProperty("jni_version");
    return problem
        + ", but DJL "
        + engine.getProperty("djl_version")
        + " with natives "
        + pytorch
        + " needs ai.djl.pytorch:pytorch-jni:"
        + version
        + "; "
        + versions.pairs();
  }

  /** {@return the natives and the JNI library for this platform and the DJL on the class path} */
  private String requiredArtifacts() {
    List<Properties> engines = bundled.propertiesOf(BundledNatives.ENGINE);
    EngineVersions.Pair pair =
        versions.of(engines.isEmpty() ? "" : engines.get(0).getProperty("djl_version", ""));
    return pair.natives("pytorch-native-cpu")
        + " with classifier "
        + classifier
        + " and "
        + pair.jni();
  }

  private boolean isForThisPlatform(Properties natives) {
    return natives.getProperty("classifier", "").endsWith(classifier);
  }

  private static String name(Properties natives) {
    return natives.getProperty("flavor", "cpu") + " on " + natives.getProperty("classifier");
  }

  private static String deepest(Throwable failure) {
    Throwable deepest = failure;
    for (int i = 0; deepest.getCause() != null && i < 10; i++) {
      deepest = deepest.getCause();
    }
    String message = String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
    return message.length() > 200 ? message.substring(0, 200) + "…" : message;
  }
}
