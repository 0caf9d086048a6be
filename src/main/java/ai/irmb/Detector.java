package ai.irmb;

import static java.util.Objects.requireNonNull;

import ai.irmb.block.BlockType;
import ai.irmb.error.InferenceException;
import ai.irmb.error.IrmbException;
import ai.irmb.error.ModelConfigException;
import ai.irmb.error.WeightsException;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.Checkpoint;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.internal.network.OnnxExport;
import ai.irmb.internal.validate.Dataset;
import ai.irmb.limit.Limits;
import ai.irmb.validate.ValidateOptions;
import ai.irmb.validate.Validation;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds objects in images with a trained YOLOv5, plain or with iRMB attention.
 *
 * <pre>{@code
 * try (Detector detector = Detector.load("yolov5_iRMB.yaml", weights)) {
 *   detector.detect(image).forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Safe for concurrent use: any number of threads may detect at once, also from virtual threads.
 * The images are prepared and the boxes sorted out on the callers' threads; the network runs on the
 * detector's own few ({@link Builder#maxConcurrency}), since the engine keeps memory for each
 * thread that ever ran one. Results do not depend on how many callers there are.
 *
 * <p>Owns native memory until {@link #close}, which waits for the calls in flight; a call after
 * that is an {@link IllegalStateException}. Nothing that it returns is native.
 */
public final class Detector implements AutoCloseable {
  private final Model model;
  private final DetectOptions defaults;
  private final Limits limits;
  private final Pipeline pipeline;
  private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
  private boolean closed;

  private Detector(Model model, DetectOptions defaults, Limits limits, Pipeline pipeline) {
    this.model = model;
    this.defaults = defaults;
    this.limits = limits;
    this.pipeline = pipeline;
  }

  /**
   * {@return a detector from a checkpoint that says its own network, on CUDA where the engine has
   * it}
   *
   * @param weights a {@code .pt} of {@code train.py} or a {@code .safetensors}
   * @throws IrmbException if it cannot be read or run
   */
  public static Detector load(Path weights) {
    return builder().weights(weights).build();
  }

  /** {@return a detector from a checkpoint; see {@link #load(Path)}} */
  public static Detector load(String weights) {
    return load(path(weights));
  }

  /**
   * {@return a detector from a model YAML and weights, on CUDA where the engine has it}
   *
   * @param config a file or, failing that, the name of a config in the jar
   * @param weights a checkpoint or a state dict
   * @throws IrmbException if either cannot be read, or they are of different networks
   */
  public static Detector load(String config, Path weights) {
    return builder().config(config).weights(weights).build();
  }

  /** {@return a detector from a model YAML and weights; see {@link #load(String, Path)}} */
  public static Detector load(String config, String weights) {
    return load(config, path(weights));
  }

  private static Path path(String weights) {
    try {
      return Path.of(weights);
    } catch (InvalidPathException e) {
      throw new WeightsException(Quoting.quote(weights) + ": this is no path: " + e.getReason(), e);
    }
  }

  /** {@return a builder with upstream's defaults} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return the class names by class id} */
  public Map<Integer, String> names() {
    return model.names();
  }

  /**
   * {@return the longer side that the model was trained at, if the checkpoint says it, else 640}
   */
  public int defaultSize() {
    return pipeline.defaultSize();
  }

  /** {@return the options that {@code detect} uses when none are given} */
  public DetectOptions options() {
    return defaults;
  }

  /**
   * {@return what is in an image, under the detector's options}
   *
   * @throws IrmbException if the network cannot run
   * @throws IllegalStateException if the detector is closed
   */
  public Detections detect(RgbImage image) {
    return detect(image, defaults);
  }

  /** {@return what is in an image, under these options} */
  public Detections detect(RgbImage image, DetectOptions options) {
    requireNonNull(image, "image");
    return detectAll(List.of(image), options).get(0);
  }

  /**
   * {@return what is in an image file}
   *
   * @throws ai.irmb.error.ImageException if it is not an image, or larger than the limits
   * @throws IOException if it cannot be read
   */
  public Detections detect(Path image) throws IOException {
    return detect(RgbImage.read(requireNonNull(image, "image"), limits), defaults);
  }

  /** {@return what is in an image that is read to the stream's end; the stream is not closed} */
  public Detections detect(InputStream image) throws IOException {
    return detect(RgbImage.read(requireNonNull(image, "image"), "stream", limits), defaults);
  }

  /** {@return what is in an image of any type; alpha is dropped} */
  public Detections detect(BufferedImage image) {
    return detect(RgbImage.of(requireNonNull(image, "image")), defaults);
  }

  /**
   * {@return what is in each image, in order, under the detector's options}
   *
   * <p>Images that are letterboxed to the same size go through the network together.
   */
  public List<Detections> detectAll(List<RgbImage> images) {
    return detectAll(images, defaults);
  }

  /** {@return what is in each image, in order, under these options} */
  public List<Detections> detectAll(List<RgbImage> images, DetectOptions options) {
    List<RgbImage> copy = List.copyOf(images);
    requireNonNull(options, "options");
    return whileOpen(() -> pipeline.detect(copy, options));
  }

  /**
   * {@return what the attention of a layer looks at in an image, as the detector's options have it
   * letterboxed}
   *
   * <p>One map for each block with attention in the layer, in order: one for an iRMB, several for a
   * C3 of bottlenecks that have one each. Computed in eager execution and single precision, so a
   * call takes a few times what a detection does; the first one hands the weights to the engine
   * once more, where they stay until the detector is closed. Slices are not looked at.
   *
   * @param layer from 0, as in the model's YAML
   * @throws IllegalArgumentException if nothing in the layer attends; the message names the layers
   *     where something does
   * @throws IrmbException if the network cannot run
   */
  public List<AttentionMap> attention(RgbImage image, int layer) {
    requireNonNull(image, "image");
    return whileOpen(() -> pipeline.attention(image, defaults, layer));
  }

  /** {@return the layers that {@link #attention} can show, from 0, in order} */
  public List<Integer> attentionLayers() {
    return model.network().attentionLayers();
  }

  /**
   * {@return the model's accuracy on the default split of a data set in YOLO's format, under the
   * default options; see {@link #validate(Path, ValidateOptions, ValidationListener)}}
   */
  public Validation validate(Path dataYaml) {
    return validate(dataYaml, ValidateOptions.DEFAULTS);
  }

  /**
   * {@return the model's accuracy on a data set; see {@link #validate(Path, ValidateOptions,
   * ValidationListener)}}
   */
  public Validation validate(Path dataYaml, ValidateOptions options) {
    return validate(dataYaml, options, new ValidationListener() {});
  }

  /**
   * {@return the model's accuracy on a data set in YOLO's format, by the rules of upstream's {@code
   * val.py}}
   *
   * <p>The detector's own options have no effect, its limits have.
   *
   * @param dataYaml the data set: {@code path}, {@code train}, {@code val}, {@code test}, {@code
   *     names}
   * @param listener is called for each image, on the calling thread
   * @throws ai.irmb.error.DatasetException if the data set cannot be read or has other classes than
   *     the model, or no image of it can be read
   * @throws IllegalStateException if the detector is closed
   */
  public Validation validate(Path dataYaml, ValidateOptions options, ValidationListener listener) {
    requireNonNull(dataYaml, "dataYaml");
    requireNonNull(options, "options");
    requireNonNull(listener, "listener");
    Dataset data = Dataset.read(dataYaml, options.split(), limits);
    listener.onStart(data.images().size());
    return whileOpen(() -> pipeline.validate(data, options, listener, limits));
  }

  private <V> V whileOpen(Supplier<V> work) {
    life.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("Detector is closed");
      }
      return work.get();
    } finally {
      life.readLock().unlock();
    }
  }

  /**
   * Runs the network once on an empty image of the default size, so that the first real one need
   * not wait for what is prepared on first use.
   */
  public void warmUp() {
    int side = defaultSize();
    detect(RgbImage.of(side, side, new byte[3 * side * side]));
  }

  /** Waits for the calls in flight and releases everything native. A second call does nothing. */
  @Override
  public void close() {
    life.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        pipeline.close();
      }
    } finally {
      life.writeLock().unlock();
    }
  }

  /**
   * Puts a detector together. Each setter checks its value at once. Not safe for concurrent use.
   */
  public static final class Builder {
    private @Nullable String config;
    private @Nullable Path weights;
    private @Nullable String device;
    private Precision precision = Precision.FP32;
    private ExecutionMode execution = ExecutionMode.COMPILED;
    private int maxConcurrency;
    private int batchSize = 8;
    private DetectOptions options = DetectOptions.DEFAULTS;
    private Limits limits = Limits.DEFAULTS;
    private BlockRegistry registry = BlockRegistry.standard();

    private Builder() {}

    /**
     * The model YAML: a file or, failing that, a config in the jar. By default the checkpoint's.
     */
    public Builder config(String nameOrPath) {
      this.config = requireNonNull(nameOrPath, "nameOrPath");
      return this;
    }

    /** The checkpoint, state dict or safetensors file. Needed. */
    public Builder weights(Path file) {
      this.weights = requireNonNull(file, "file");
      return this;
    }

    /**
     * Where to run: {@code cpu}, {@code cuda} or {@code cuda:1}. By default CUDA where the engine
     * has it. What is asked for and not there is an error when building.
     */
    public Builder device(String name) {
      PyTorchEngine.checkDeviceName(name);
      this.device = name;
      return this;
    }

    /**
     * In which numbers the network computes. Single precision by default. What the device cannot do
     * is an error when building.
     */
    public Builder precision(Precision value) {
      this.precision = requireNonNull(value, "value");
      return this;
    }

    /**
     * How the network is run. Compiled by default; where the engine does not take the program,
     * eager with a warning.
     */
    public Builder execution(ExecutionMode mode) {
      this.execution = requireNonNull(mode, "mode");
      return this;
    }

    /**
     * How many forward passes may run at once, each on a thread of its own. By default as many as
     * the processors divided by the engine's threads, so one unless the application lowered those.
     * The threads are the process's: all its detectors on a device together run as many passes at
     * once as the one that asked for the most. With this number times the engine's threads above
     * the processors each pass takes longer than what runs beside it gains.
     */
    public Builder maxConcurrency(int threads) {
      DetectorSettings.checkCount("concurrency", threads);
      this.maxConcurrency = threads;
      return this;
    }

    /**
     * How many images {@code detectAll} puts through the network at once, at most: a processor
     * takes two of 640 x 640, and more of smaller ones. 8 by default.
     */
    public Builder batchSize(int max) {
      DetectorSettings.checkCount("batchSize", max);
      this.batchSize = max;
      return this;
    }

    /** What {@code detect} uses when it is given no options. */
    public Builder options(DetectOptions value) {
      this.options = requireNonNull(value, "value");
      return this;
    }

    /** What files from outside may ask for. */
    public Builder limits(Limits value) {
      this.limits = requireNonNull(value, "value");
      return this;
    }

    /** Adds a block of the application's own, or replaces one. */
    public Builder block(BlockType type) {
      this.registry = registry.with(requireNonNull(type, "type"));
      return this;
    }

    /**
     * All of this but the blocks of the application's own, as a value that can be sent elsewhere.
     *
     * @return from which a detector can be opened
     * @throws IllegalStateException if no weights were given
     */
    public DetectorSettings settings() {
      return new DetectorSettings(
          config,
          given().toString(),
          device,
          precision,
          execution,
          maxConcurrency,
          batchSize,
          options,
          limits);
    }

    private Path given() {
      if (weights == null) {
        throw new IllegalStateException("weights: none were given");
      }
      return weights;
    }

    /**
     * {@return the detector}
     *
     * @throws ModelConfigException if the YAML cannot be read or built
     * @throws WeightsException if the weights cannot be read or do not fit
     * @throws InferenceException if the engine or the device is not there
     * @throws IllegalStateException if no weights were given
     */
    public Detector build() {
      if (weights != null && Files.isReadable(weights)) {
        // The engine loads while the weights are read.
        PyTorchEngine.get().preload();
      }
      Model model = assemble();
      if (model.channels() != 3) {
        throw new ModelConfigException(
            model.network().source()
                + ": the network takes "
                + model.channels()
                + " channels; an image has 3");
      }
      Pipeline.checkClasses(model, options);
      Pipeline pipeline =
          Pipeline.of(model, device, precision, execution, maxConcurrency, batchSize);
      return new Detector(model, options, limits, pipeline);
    }

    /**
     * Writes the network as ONNX (operator set 17) for other runtimes, whole or not at all; no
     * engine is needed. Input {@code images} (N, 3, H, W), 0 to 1; outputs as upstream's export
     * gives them: {@code output0} (N, rows, 5 + classes + masks), decoded, in pixels of the input,
     * and {@code output1}, the mask prototypes of a segmentation model. N, H and W are free.
     *
     * @throws ModelConfigException if the YAML cannot be read or built
     * @throws WeightsException if the weights cannot be read or do not fit
     * @throws IllegalStateException if no weights were given
     * @throws java.io.UncheckedIOException if the file cannot be written
     */
    public void exportOnnx(Path out) {
      requireNonNull(out, "out");
      OnnxExport.write(assemble(), OnnxExport.DEFAULT_OPSET, false, out);
    }

    private Model assemble() {
      Path file = given();
      ModelConfig spec = config == null ? null : ModelConfig.load(config, limits);
      Checkpoint checkpoint = CheckpointReader.read(file, limits);
      return ModelAssembly.assemble(checkpoint, spec, registry, limits);
    }
  }

  /** {@return the engine and its version, which is loaded if it is not yet} */
  static String engine() {
    return PyTorchEngine.get().describe();
  }
}
