package ai.irmb.internal.engine;

import ai.irmb.internal.platform.Platform;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The system properties that the library reads and sets for the engine. A property that the
 * application has set is never changed. docs/system-properties.md documents each.
 */
public final class EngineProperties {
  private static final String THREADS = "ai.djl.pytorch.num_threads";
  private static final String JNA_PATH = "jna.platform.library.path";
  private static final String SHUTDOWN_SECONDS = "irmb.shutdown.seconds";
  private static final String TRUSTS_CACHE = "irmb.cache.trusted";
  private static final String CACHE_FOLDER = "ENGINE_CACHE_DIR";
  private static final String JNA_FOLDER = "jna.tmpdir";
  static final String VIDEO_FOLDER = "org.bytedeco.javacpp.cachedir";
  private static final int DEFAULT_SHUTDOWN_SECONDS = 10;

  private EngineProperties() {}

  /** Sets what the engine reads when it loads. */
  static void preset() {
    preset("ai.djl.offline", "true");
    preset("OPT_OUT_TRACKING", "true");
    if (Platform.isLinux() && System.getProperty(JNA_PATH) == null) {
      System.setProperty(JNA_PATH, String.join(":", NativeLibraryPath.of(Path.of("/"))));
    }
    // In a container PyTorch would count the host's cores.
    preset(THREADS, String.valueOf(Runtime.getRuntime().availableProcessors()));
  }

  /** Sets the folder that the engine's natives are unpacked into. */
  static void presetCacheFolder(Path folder) {
    preset(CACHE_FOLDER, folder.toString());
  }

  /** Sets the folder that JNA's native is unpacked into. */
  static void presetJnaFolder(Path folder) {
    preset(JNA_FOLDER, folder.toString());
  }

  /** Sets the version and the flavor of the machine's own PyTorch. */
  static void presetPyTorch(String version, String flavor) {
    preset("PYTORCH_VERSION", version);
    preset("PYTORCH_FLAVOR", flavor);
  }

  /** Sets the folder that JavaCV's natives are unpacked into. */
  static void presetVideoFolder(Path folder) {
    preset(VIDEO_FOLDER, folder.toString());
  }

  /** {@return the folder that JavaCV's natives are unpacked into, or null if none was set} */
  static @Nullable String videoFolder() {
    return System.getProperty(VIDEO_FOLDER);
  }

  /** {@return whether natives are loaded even from where other users may write} */
  static boolean trustsCacheFolder() {
    return Boolean.getBoolean(TRUSTS_CACHE);
  }

  private static void preset(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** {@return the engine's threads per forward pass: what is set, else the number of processors} */
  public static int threads() {
    return Math.max(Integer.getInteger(THREADS, Runtime.getRuntime().availableProcessors()), 1);
  }

  /**
   * Sets the engine's threads per forward pass.
   *
   * @param count which has an effect only before the engine loads
   */
  public static void setThreads(int count) {
    System.setProperty(THREADS, String.valueOf(count));
  }

  /** {@return how long a JVM that shuts down still serves detectors that are open, in seconds} */
  static int shutdownSeconds() {
    return Math.max(Integer.getInteger(SHUTDOWN_SECONDS, DEFAULT_SHUTDOWN_SECONDS), 0);
  }

  /** Lets a JVM that shuts down wait only for forward passes that have begun. */
  public static void presetImmediateShutdown() {
    preset(SHUTDOWN_SECONDS, "0");
  }
}
