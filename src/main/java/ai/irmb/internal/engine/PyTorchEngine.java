package ai.irmb.internal.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.engine.PtEngineProvider;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.error.Futures;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PyTorch engine of the process. It owns everything that exists once per process: the presets
 * of system properties, the loaded natives, the devices, the inference threads, the program loader
 * and the shutdown hook.
 *
 * <p>The object itself is cheap; natives load on {@link #preload} or on first need. Safe for
 * concurrent use. It lives as long as the process: the engine's natives cannot be unloaded.
 */
public final class PyTorchEngine {
  private static final Logger LOG = LoggerFactory.getLogger(PyTorchEngine.class);
  private static final Pattern DEVICE = Pattern.compile("cpu|cuda(?::([0-9]{1,3}))?");
  private static final PyTorchEngine INSTANCE = new PyTorchEngine();

  private final ShutdownGate shutdown = new ShutdownGate();
  private final Map<Device, InferencePool> pools = new ConcurrentHashMap<>();

  /**
   * PyTorch never frees the memory of a thread that has ended, so all programs are loaded on one
   * thread.
   */
  private final Executor programLoader =
      Executors.newSingleThreadExecutor(new DaemonThreads("irmb-program"));

  private @Nullable CompletableFuture<Engine> loading;
  private boolean hasHook;

  private PyTorchEngine() {}

  /** {@return the engine of this process; nothing is loaded by this call} */
  public static PyTorchEngine get() {
    return INSTANCE;
  }

  /**
   * Starts to load the natives in the background, unless they are loaded or loading. A failure is
   * reported by the first method that needs the engine.
   */
  public void preload() {
    CompletableFuture<Engine> unused = load();
  }

  private synchronized CompletableFuture<Engine> load() {
    CompletableFuture<Engine> current = loading;
    if (current == null) {
      linkNatives();
      current =
          CompletableFuture.supplyAsync(
              PyTorchEngine::loadNatives,
              task -> new DaemonThreads("irmb-engine").newThread(task).start());
      loading = current;
      addShutdownHook();
    }
    return current;
  }

  private Engine engine() {
    CompletableFuture<Engine> current = load();
    try {
      return Futures.joinUnwrapped(current);
    } catch (RuntimeException | Error e) {
      forget(current);
      throw e;
    }
  }

  /** Lets the next call load again: a cache folder may have become writable by then. */
  private synchronized void forget(CompletableFuture<Engine> failed) {
    if (loading == failed) {
      loading = null;
    }
  }

  private static Engine loadNatives() {
    EngineProperties.preset();
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    ClassLoader loader = EngineDiagnosis.loaderOfNatives(context);
    thread.setContextClassLoader(loader);
    try {
      if (loader != null) {
        InstalledPyTorch.prepare(loader);
        NativeCache.prepare(new BundledNatives(loader));
      }
      if (!Engine.hasEngine(PtEngine.ENGINE_NAME)) {
        // A jar that was merged without its service files does not name the provider.
        Engine.registerEngine(new PtEngineProvider());
      }
      return Engine.getEngine(PtEngine.ENGINE_NAME);
    } catch (InferenceException e) {
      throw e;
    } catch (RuntimeException | LinkageError | AssertionError e) {
      throw new InferenceException(EngineDiagnosis.explain(e), e);
    } finally {
      thread.setContextClassLoader(context);
    }
  }

  /**
   * Links the native methods that reading weights calls. The JVM links a native method on its first
   * call, under the class loader's lock, which loading the engine holds for a third of a second.
   */
  private static Throwable linkNatives() {
    return new Throwable(String.valueOf(Float.intBitsToFloat(0)));
  }

  /**
   * The JVM destroys the natives' static objects when it exits, so that a thread that loads them or
   * runs a network at that time would crash: the hook waits for both.
   */
  private void addShutdownHook() {
    if (hasHook) {
      return;
    }
    hasHook = true;
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(this::awaitShutdown, "irmb-shutdown"));
    } catch (IllegalStateException e) {
      LOG.debug("The JVM is already shutting down", e);
    }
  }

  private void awaitShutdown() {
    CompletableFuture<Engine> current;
    synchronized (this) {
      current = loading;
    }
    if (current != null) {
      current.handle((engine, failure) -> engine).join();
    }
    shutdown.awaitEnd();
  }

  /** {@return the engine's name and version, for a message; loads the engine} */
  public String describe() {
    return "PyTorch " + engine().getVersion();
  }

  /**
   * {@return whether a oneDNN convolution may carry the operations that follow it}
   *
   * <p>The oneDNN of PyTorch 2.3 looks cached kernels up by those operations even after they have
   * left its cache of 1024 entries: it then runs the wrong kernel or crashes (oneDNN issue 1757,
   * fixed in the version that PyTorch 2.4 contains).
   */
  public boolean supportsFusedConvolutions() {
    String[] version = engine().getVersion().split("\\.", -1);
    int major = Integer.parseInt(version[0]);
    return major > 2 || (major == 2 && Integer.parseInt(version[1]) >= 4);
  }

  /**
   * {@return a new root manager of arrays on a device; the caller closes it}
   *
   * @param device {@code cpu}, {@code cuda}, {@code cuda:1}, or null for CUDA where the engine has
   *     it
   * @throws InferenceException if there is no such device; never another one instead
   */
  public NDManager newManager(@Nullable String device) {
    return newManager(device(device));
  }

  /** {@return a new root manager of arrays on a device; the caller closes it} */
  public NDManager newManager(Device device) {
    return engine().newBaseManager(device);
  }

  /**
   * {@return threads on which networks run; shared with everyone who asks for the same device}
   *
   * @param device as for {@link #newManager(String)}
   * @param max forward passes that this user runs at a time, at least 1
   */
  public InferenceThreads inferenceThreads(@Nullable String device, int max) {
    InferencePool pool = pools.computeIfAbsent(device(device), this::newPool);
    pool.growTo(max);
    return new InferenceThreads(pool, shutdown, max);
  }

  private InferencePool newPool(Device device) {
    DaemonThreads threads = new DaemonThreads("irmb-" + device.getDeviceType());
    return new InferencePool(
        device.isGpu()
            ? threads
            : task -> threads.newThread(() -> RetainedMemory.keepWhile(this, task)));
  }

  /**
   * {@return the name of a device: {@code cpu} or {@code cuda:0}}
   *
   * @param device as for {@link #newManager(String)}
   */
  public String deviceName(@Nullable String device) {
    Device found = device(device);
    return found.isGpu() ? "cuda:" + found.getDeviceId() : "cpu";
  }

  /** {@return the thread of the process that loads generated programs} */
  public Executor programLoader() {
    return programLoader;
  }

  /**
   * {@return the default number of concurrent forward passes: processors ÷ engine threads, at least
   * 1}
   */
  public static int defaultConcurrency() {
    int processors = Runtime.getRuntime().availableProcessors();
    return Math.max(processors / EngineProperties.threads(), 1);
  }

  /**
   * Checks the form of a device's name; whether the device exists is not checked.
   *
   * @throws IllegalArgumentException if it is not the name of a device
   */
  public static void checkDeviceName(String name) {
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

  /** {@return the device of a name; see {@link #newManager(String)}} */
  public Device device(@Nullable String name) {
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
      throw new InferenceException(missing(name, describe(), count));
    }
    return Device.gpu(index);
  }

  /** {@return the message for a CUDA device that is not there} */
  static String missing(String name, String engine, int count) {
    String found = "device: " + name + " was requested, but " + engine + " finds " + count;
    if (count > 0) {
      return found
          + (count == 1 ? " CUDA device" : " CUDA devices")
          + "; use cuda:N with N below "
          + count
          + ", or check CUDA_VISIBLE_DEVICES";
    }
    return found
        + " CUDA devices; CUDA needs a driver, "
        + EngineVersions.get().cudaPair()
        + " on the class path, and no pytorch-native-cpu";
  }
}
