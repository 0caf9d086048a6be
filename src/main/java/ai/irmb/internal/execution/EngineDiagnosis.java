package ai.irmb.internal.execution;

import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Says why an engine did not load, and what to do about it: from what is on the class path where
 * that tells, since the engine itself reports most of it as a download that failed.
 */
final class EngineDiagnosis {
  private static final String ENGINE = "pytorch-engine.properties";
  private static final String NATIVES = "native/lib/pytorch.properties";
  private static final String JNI = "jnilib/pytorch.properties";

  /** The oldest DJL of the pairs that are tested; its natives are the ones that come with CUDA. */
  private static final String OLD_DJL = "0.29.0";

  private final ClassLoader loader;
  private final String classifier = classifier();

  private EngineDiagnosis(ClassLoader loader) {
    this.loader = loader;
  }

  /**
   * {@return a class loader that sees the natives: this one, unless it does not and the library's
   * own does}
   *
   * <p>The engine asks the thread's class loader. On a thread of the common pool that is the JVM's,
   * which sees nothing of an application that has a class loader of its own, as in a Spring Boot
   * jar or a web container.
   *
   * @param context the thread's class loader
   */
  static @Nullable ClassLoader seeing(@Nullable ClassLoader context) {
    ClassLoader own = EngineDiagnosis.class.getClassLoader();
    boolean isBlind = context == null || context.getResource(NATIVES) == null;
    return isBlind && own != null && own.getResource(NATIVES) != null ? own : context;
  }

  /** {@return one sentence for whoever sees the failure} */
  static String explain(Throwable failure) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return new EngineDiagnosis(context == null ? ClassLoader.getSystemClassLoader() : context)
        .sentence(failure);
  }

  private String sentence(Throwable failure) {
    String missing = missing();
    if (missing != null) {
      return missing;
    }
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof UnsatisfiedLinkError) {
        return unlinked(String.valueOf(t.getMessage()));
      }
      if (t instanceof FileSystemException file) {
        return "the engine unpacks its natives into a cache folder and cannot write there ("
            + file.getMessage()
            + "); set the environment variable DJL_CACHE_DIR to a folder that can be written";
      }
    }
    return "the engine does not start (" + deepest(failure) + ")";
  }

  /** {@return what the class path lacks, or null} */
  private @Nullable String missing() {
    List<Properties> engines = all(ENGINE);
    if (engines.isEmpty()) {
      return "DJL's PyTorch engine is not on the class path; add"
          + " ai.djl.pytorch:pytorch-engine:0.36.0";
    }
    List<Properties> natives = all(NATIVES);
    if (natives.isEmpty()) {
      return "the engine's natives are not on the class path; add " + wanted();
    }
    Properties fitting = null;
    StringBuilder others = new StringBuilder();
    for (Properties each : natives) {
      if (fits(each)) {
        fitting = each;
      }
      others.append(others.length() == 0 ? "" : ", ").append(name(each));
    }
    if (fitting == null) {
      return "the natives on the class path are for "
          + others
          + ", but this is "
          + classifier
          + "; add "
          + wanted();
    }
    String flavour = fitting.getProperty("flavor", "cpu");
    if (flavour.startsWith("cu") && CudaUtils.getGpuCount() == 0) {
      return "the natives on the class path are for CUDA ("
          + name(fitting)
          + "), but there is no GPU here, or no driver, or CUDA's runtime library (libcudart,"
          + " cudart64 on Windows) is not where the system looks for libraries, or is older; mend"
          + " that, or take "
          + wanted()
          + " instead";
    }
    return jniMissing(engines.get(0), fitting);
  }

  private @Nullable String jniMissing(Properties engine, Properties natives) {
    // 2.7.1-20250812 is a build of 2.7.1.
    String pytorch = natives.getProperty("version", "").replaceFirst("-.*", "");
    String version = pytorch + "-" + engine.getProperty("djl_version", "");
    List<Properties> found = all(JNI);
    if (found.stream().anyMatch(p -> p.getProperty("jni_version", "").startsWith(version))) {
      return null;
    }
    String what =
        found.isEmpty()
            ? "pytorch-jni is not on the class path"
            : "the pytorch-jni on the class path is " + found.get(0).getProperty("jni_version");
    return what
        + ", but DJL "
        + engine.getProperty("djl_version")
        + " with natives "
        + pytorch
        + " needs ai.djl.pytorch:pytorch-jni:"
        + version
        + "; the versions that go together: DJL 0.36.0 with 2.7.1, DJL 0.29.0 with 2.3.1";
  }

  private String unlinked(String message) {
    if (message.contains("already loaded in another classloader")) {
      return "another class loader of this JVM has loaded the natives already ("
          + message
          + "), and a JVM lends them to one only; put the library and DJL where all applications"
          + " share them, or start the JVM anew after a redeployment";
    }
    if (message.contains("Error loading shared library")
        || message.contains("Error relocating")
        || message.contains("musl")) {
      return "the engine's natives need glibc and do not load on musl (Alpine) ("
          + message
          + "); use an image with glibc, such as Debian's or Ubuntu's";
    }
    if (message.contains("GLIBC") || message.contains("CXXABI")) {
      return "the engine's natives need a newer C library than this system's ("
          + message
          + "); use a newer system or image";
    }
    return "the engine's natives do not load on "
        + classifier
        + " ("
        + message
        + "); the versions that go together: DJL 0.36.0 with 2.7.1, DJL 0.29.0 with 2.3.1";
  }

  /** The natives and the JNI library for this platform and the DJL that is there. */
  private String wanted() {
    List<Properties> engines = all(ENGINE);
    boolean isOld = !engines.isEmpty() && OLD_DJL.equals(engines.get(0).getProperty("djl_version"));
    String pytorch = isOld ? "2.3.1" : "2.7.1";
    String djl = isOld ? OLD_DJL : "0.36.0";
    return "ai.djl.pytorch:pytorch-native-cpu:"
        + pytorch
        + " with classifier "
        + classifier
        + " and ai.djl.pytorch:pytorch-jni:"
        + pytorch
        + "-"
        + djl;
  }

  private boolean fits(Properties natives) {
    return natives.getProperty("classifier", "").endsWith(classifier);
  }

  private static String name(Properties natives) {
    return natives.getProperty("flavor", "cpu") + " on " + natives.getProperty("classifier");
  }

  private List<Properties> all(String resource) {
    List<Properties> all = new ArrayList<>();
    try {
      for (URL url : Collections.list(loader.getResources(resource))) {
        Properties properties = new Properties();
        try (InputStream in = url.openStream()) {
          properties.load(in);
        }
        all.add(properties);
      }
    } catch (IOException | IllegalArgumentException e) {
      // Then what could be read has to do.
      return all;
    }
    return all;
  }

  private static String deepest(Throwable failure) {
    Throwable deepest = failure;
    for (int i = 0; deepest.getCause() != null && i < 10; i++) {
      deepest = deepest.getCause();
    }
    String message = String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
    return message.length() > 200 ? message.substring(0, 200) + "…" : message;
  }

  private static String classifier() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String cpu = arch.equals("amd64") || arch.equals("x86_64") ? "x86_64" : arch;
    if (os.startsWith("windows")) {
      return "win-" + cpu;
    }
    return os.startsWith("mac") ? "osx-" + cpu : "linux-" + cpu;
  }
}
