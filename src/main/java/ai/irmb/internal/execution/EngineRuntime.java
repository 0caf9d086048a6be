package ai.irmb.internal.execution;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.error.Futures;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The engine: loaded once for the process, offline, without usage tracking. What the application
 * has set itself is left alone.
 */
public final class EngineRuntime {
  private static final Pattern DEVICE = Pattern.compile("cpu|cuda(?::([0-9]{1,3}))?");

  private static @Nullable Engine engine;

  /** An engine that loads beside what else is done, until somebody asks for it. */
  private static @Nullable CompletableFuture<Engine> ahead;

  private static boolean isBegun;

  private EngineRuntime() {}

  /**
   * Begins to load the engine, the first time that it is called; whoever needs it then waits for
   * the rest, or gets its failure.
   */
  public static synchronized void preload() {
    if (isBegun || engine != null) {
      return;
    }
    isBegun = true;
    linkNatives();
    CompletableFuture<Engine> loading =
        CompletableFuture.supplyAsync(
            EngineRuntime::load, task -> new DaemonThreads("irmb-engine").newThread(task).start());
    ahead = loading;
    try {
      // The end of the JVM would destroy natives while they load.
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> loading.exceptionally(e -> null).join()));
    } catch (IllegalStateException e) {
      LoggerFactory.getLogger(EngineRuntime.class).debug("The JVM ends while the engine loads");
    }
  }

  /**
   * The JVM links a native method when it is first called, for which it needs the loader's lock.
   * The engine's natives hold that for a third of a second: what reading weights calls is linked
   * before.
   */
  private static Throwable linkNatives() {
    return new Throwable(String.valueOf(Float.intBitsToFloat(0)));
  }

  private static void preset(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * {@return the engine}
   *
   * @throws InferenceException if its natives are missing or do not load, with what to add
   */
  static synchronized Engine engine() {
    Engine known = engine;
    if (known == null) {
      CompletableFuture<Engine> loading = ahead;
      ahead = null;
      known = loading == null ? load() : Futures.joinUnwrapped(loading);
      engine = known;
    }
    return known;
  }

  private static Engine load() {
    preset("ai.djl.offline", "true");
    preset("OPT_OUT_TRACKING", "true");
    NativeLibraryPath.tellJna();
    // In a container torch would count the host's cores.
    preset(
        "ai.djl.pytorch.num_threads", String.valueOf(Runtime.getRuntime().availableProcessors()));
    // Programs are fused already; the profiling executor would optimise each shape and thread anew.
    preset("ai.djl.pytorch.graph_optimizer", "false");
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    thread.setContextClassLoader(EngineDiagnosis.seeing(context));
    try {
      return Engine.getEngine("PyTorch");
    } catch (RuntimeException | LinkageError | AssertionError e) {
      throw new InferenceException(EngineDiagnosis.explain(e), e);
    } finally {
      thread.setContextClassLoader(context);
    }
  }

  /**
   * {@return whether a convolution may carry what follows it along}
   *
   * <p>The oneDNN of PyTorch 2.3 finds kernels again by what such convolutions carried, also when
   * those are gone from its cache of 1024: then it takes the wrong kernel, or ends the process
   * (oneDNN's issue 1757, mended in the version that PyTorch 2.4 has).
   */
  public static boolean fusesSafely() {
    String[] version = engine().getVersion().split("\\.", -1);
    int major = Integer.parseInt(version[0]);
    return major > 2 || (major == 2 && Integer.parseInt(version[1]) >= 4);
  }

  /** {@return the engine's name and version, for a person} */
  public static String describe() {
    return "PyTorch " + engine().getVersion();
  }

  /**
   * {@return a new root for arrays on a device; who asks closes it}
   *
   * @param device {@code cpu}, {@code cuda}, {@code cuda:1}, or null for CUDA where the engine has
   *     it
   * @throws InferenceException if the device is not there; never another one instead
   */
  public static NDManager newManager(@Nullable String device) {
    return engine().newBaseManager(device(device));
  }

  /**
   * Looks at a device's name alone, not at whether there is one.
   *
   * @throws IllegalArgumentException if it is no name of a device
   */
  public static void checkDevice(String name) {
    matcher(name);
  }

  private static Matcher matcher(String name) {
    Matcher matcher = DEVICE.matcher(name.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "device: expected cpu, cuda or cuda:N, found \"" + name + "\"");
    }
    return matcher;
  }

  /** {@return the device of this name; see {@link #newManager}} */
  static Device device(@Nullable String name) {
    if (name == null) {
      return engine().getGpuCount() > 0 ? Device.gpu() : Device.cpu();
    }
    Matcher matcher = matcher(name);
    if (name.toLowerCase(Locale.ROOT).equals("cpu")) {
      return Device.cpu();
    }
    int index = matcher.group(1) == null ? 0 : Integer.parseInt(matcher.group(1));
    int count = engine().getGpuCount();
    if (index >= count) {
      throw new InferenceException(
          "device: "
              + name
              + " was asked for, but "
              + describe()
              + " sees "
              + count
              + " CUDA devices; CUDA needs a driver, ai.djl.pytorch:pytorch-native-cu121:2.3.1 with"
              + " ai.djl.pytorch:pytorch-jni:2.3.1-0.29.0 and DJL 0.29.0 on the class path, and no"
              + " pytorch-native-cpu");
    }
    return Device.gpu(index);
  }
}
