package ai.irmb.execution;

import java.util.Locale;
import java.util.regex.Pattern;

/** Says why an engine does not load, and what to do about it. */
final class Preflight {
  /** What the file system says when natives cannot be unpacked. */
  private static final Pattern CACHE =
      Pattern.compile(
          "AccessDenied|FileSystemException|FileAlreadyExists|NotDirectory|Read-only file system"
              + "|No space left");

  private Preflight() {}

  /** {@return one sentence for whoever sees the failure} */
  static String explain(Throwable failure) {
    StringBuilder causes = new StringBuilder();
    int depth = 0;
    for (Throwable t = failure; t != null && depth < 10; t = t.getCause(), depth++) {
      causes.append(t).append(' ');
    }
    String text = causes.toString();
    String platform = classifier();
    String natives =
        "ai.djl.pytorch:pytorch-native-cpu:2.7.1:"
            + platform
            + " and ai.djl.pytorch:pytorch-jni:2.7.1-0.36.0";
    if (text.contains("UnsatisfiedLinkError") && text.contains("musl")) {
      return "the engine's natives need glibc and do not load on musl (Alpine); use an image with glibc";
    }
    if (text.contains("UnsatisfiedLinkError")) {
      return "the engine's natives were found but do not load on "
          + platform
          + " ("
          + firstLine(failure)
          + "); they have to be of one pair: "
          + natives
          + " with DJL 0.36.0, or 2.3.1 and 2.3.1-0.29.0 with DJL 0.29.0";
    }
    if (text.contains("No deep learning engine")
        || text.contains("engine not found")
        || text.contains("NoClassDefFound")) {
      return "DJL's PyTorch engine is not on the class path; add ai.djl.pytorch:pytorch-engine:0.36.0";
    }
    if (CACHE.matcher(text).find()) {
      return "the engine unpacks its natives into a cache folder that cannot be written ("
          + firstLine(failure)
          + "); set the environment variable DJL_CACHE_DIR to a folder that can";
    }
    return "the engine's native library is not on the class path ("
        + firstLine(failure)
        + "); add "
        + natives;
  }

  private static String firstLine(Throwable failure) {
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
