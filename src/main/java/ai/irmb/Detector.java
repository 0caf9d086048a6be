package ai.irmb;

import static java.util.Objects.requireNonNull;

import ai.irmb.block.BlockType;
import ai.irmb.error.InferenceException;
import ai.irmb.error.IrmbException;
import ai.irmb.error.ModelConfigException;
import ai.irmb.error.WeightsException;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.Checkpoint;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.file.FileNames;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.internal.network.OnnxExport;
import ai.irmb.internal.validate.Dataset;
import ai.irmb.internal.validate.Validator;
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

/**
 * Object detection with a trained model of Ultralytics YOLOv5 (<i>upstream</i>), with or without
 * iRMB attention.
 *
 * <pre>{@code
 * try (Detector detector = Detector.load("yolov5_iRMB.yaml", weights)) {
 *   detector.detect(image).forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Safe for concurrent use: any number of threads, virtual ones too, may call a detector at once.
 * Letterboxing and NMS run on the caller's thread. The network runs on a few threads of its own
 * ({@link DetectorSettings#maxConcurrency}), because the engine keeps memory for each thread that
 * has ever run it. Results do not depend on the number of callers.
 *
 * <p>Owns native memory until {@link #close}, which waits for calls in flight. A call after that
 * throws an {@link IllegalStateException}. Returned objects hold no native memory.
 */
public final class Detector implements AutoCloseable {
  private final Model model;
  private final DetectOptions defaults;
  private final ReadOptions reading;
  private final Pipeline pipeline;
  private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
  private boolean closed;

  private Detector(Model model, DetectOptions defaults, ReadOptions reading, Pipeline pipeline) {
    this.model = model;
    this.defaults = defaults;
    this.reading = reading;
    this.pipeline = pipeline;
  }

  /**
   * {@return a detector from a checkpoint that contains its own network, on CUDA if the engine has
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
   * {@return a detector from a model YAML and weights, on CUDA if the engine has it}
   *
   * @param config a file or, if there is none of that name, the name of a config in the jar
   * @param weights a checkpoint or a state dict
   * @throws IrmbException if either cannot be read, or they describe different networks
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
      return FileNames.path(weights);
    } catch (InvalidPathException e) {
      throw new WeightsException(
          Quoting.quote(weights) + ": not a valid path: " + e.getReason(), e);
    }
  }

  /** {@return a builder with the default settings} */
  public static Builder builder() {
    return new Builder(DetectorSettings.DEFAULTS);
  }

  /** {@return the class names by class id} */
  public Map<Integer, String> names() {
    return model.names();
  }

  /**
   * {@return the image size that the model was trained at, if the checkpoint contains it, else 640}
   */
  public int defaultSize() {
    return pipeline.defaultSize();
  }

  /** {@return the options of {@code detect} calls without options of their own} */
  public DetectOptions options() {
    return defaults;
  }

  /**
   * {@return the detections in an image, under the detector's options}
   *
   * @throws IrmbException if the network cannot run
   * @throws IllegalStateException if the detector is closed
   */
  public Detections detect(RgbImage image) {
    return detect(image, defaults);
  }

  /** {@return the detections in an image, under these options} */
  public Detections detect(RgbImage image, DetectOptions options) {
    requireNonNull(image, "image");
    return detectAll(List.of(image), options).get(0);
  }

  /**
   * {@return the detections in an image file}
   *
   * @throws ai.irmb.error.ImageException if it is not an image, or exceeds the limits
   * @throws IOException if it cannot be read
   */
  public Detections detect(Path image) throws IOException {
    requireNonNull(image, "image");
    return detect(() -> RgbImage.read(image, reading), defaults);
  }

  /** {@return the detections in an image, read to the end of the stream; the stream stays open} */
  public Detections detect(InputStream image) throws IOException {
    requireNonNull(image, "image");
    return detect(() -> RgbImage.read(image, "stream", reading), defaults);
  }

  /** {@return the detections in an image of any type; alpha is ignored} */
  public Detections detect(BufferedImage image) {
    return detect(RgbImage.of(requireNonNull(image, "image")), defaults);
  }

  /** Decodes an image. */
  @FunctionalInterface
  private interface Decoder {
    RgbImage decode() throws IOException;
  }

  /** {@return the detections in an image that is decoded first; the timings contain both} */
  private Detections detect(Decoder image, DetectOptions options) throws IOException {
    long start = System.nanoTime();
    RgbImage decoded = image.decode();
    Timings decoding = new Timings(Timings.since(start), 0, 0, 0);
    Detections detections = detect(decoded, options);
    return detections.withTimings(detections.timings().plus(decoding));
  }

  /**
   * {@return the detections in each image, in order, under the detector's options}
   *
   * <p>Images that are letterboxed to the same size share forward passes.
   */
  public List<Detections> detectAll(List<RgbImage> images) {
    return detectAll(images, defaults);
  }

  /** {@return the detections in each image, in order, under these options} */
  public List<Detections> detectAll(List<RgbImage> images, DetectOptions options) {
    List<RgbImage> copy = List.copyOf(images);
    requireNonNull(options, "options");
    return whileOpen(() -> pipeline.detect(copy, options));
  }

  /**
   * {@return the attention maps of a layer for an image, letterboxed with the detector's options}
   *
   * <p>One map for each block with attention in the layer, in order: one for an iRMB, several for a
   * C3 of bottlenecks that have one each. Computed in eager execution and float32 on the full
   * image, so a call takes a few times as long as a detection. The first call copies the weights to
   * the device once more, where they stay until the detector is closed.
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
   *     the model, or none of its images can be used; with {@link ValidateOptions#strict} also if
   *     one cannot be used
   * @throws IllegalStateException if the detector is closed
   */
  public Validation validate(Path dataYaml, ValidateOptions options, ValidationListener listener) {
    requireNonNull(dataYaml, "dataYaml");
    requireNonNull(options, "options");
    requireNonNull(listener, "listener");
    Dataset data =
        Dataset.read(dataYaml, options, Validator.measuresMasks(model, options), reading.limits());
    listener.onStart(data.images().size() + data.leftOut().size());
    data.warnings().forEach(listener::onWarning);
    return whileOpen(() -> pipeline.validate(data, options, listener, reading.limits()));
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
   * Runs the network once on a black image of the default size, so that the first real image does
   * not wait for one-time preparation.
   */
  public void warmUp() {
    int side = defaultSize();
    detect(RgbImage.of(side, side, new byte[3 * side * side]));
  }

  /** Waits for calls in flight and releases all native memory. A second call has no effect. */
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
   * Builds a detector from {@link DetectorSettings} and blocks of the application's own. Each
   * setter checks its value at once. Not safe for concurrent use.
   */
  public static final class Builder {
    private DetectorSettings settings;
    private BlockRegistry registry = BlockRegistry.standard();

    Builder(DetectorSettings settings) {
      this.settings = settings;
    }

    /** Sets {@link DetectorSettings#config}. */
    public Builder config(String nameOrPath) {
      settings = settings.withConfig(requireNonNull(nameOrPath, "nameOrPath"));
      return this;
    }

    /** Sets {@link DetectorSettings#weights}. */
    public Builder weights(Path file) {
      settings = settings.withWeights(FileNames.text(requireNonNull(file, "file")));
      return this;
    }

    /** Sets {@link DetectorSettings#device}. */
    public Builder device(String name) {
      settings = settings.withDevice(requireNonNull(name, "name"));
      return this;
    }

    /** Sets {@link DetectorSettings#precision}. */
    public Builder precision(Precision value) {
      settings = settings.withPrecision(value);
      return this;
    }

    /** Sets {@link DetectorSettings#strictPrecision}. */
    public Builder strictPrecision(boolean value) {
      settings = settings.withStrictPrecision(value);
      return this;
    }

    /** Sets {@link DetectorSettings#execution}. */
    public Builder execution(ExecutionMode mode) {
      settings = settings.withExecution(mode);
      return this;
    }

    /** Sets {@link DetectorSettings#maxConcurrency}. */
    public Builder maxConcurrency(int passes) {
      settings = settings.withMaxConcurrency(passes);
      return this;
    }

    /** Sets {@link DetectorSettings#batchSize}. */
    public Builder batchSize(int max) {
      settings = settings.withBatchSize(max);
      return this;
    }

    /** Sets {@link DetectorSettings#options}. */
    public Builder options(DetectOptions value) {
      settings = settings.withOptions(value);
      return this;
    }

    /** Sets {@link DetectorSettings#limits}. */
    public Builder limits(Limits value) {
      settings = settings.withLimits(value);
      return this;
    }

    /** Sets {@link DetectorSettings#acceptTruncated}. */
    public Builder acceptTruncated(boolean value) {
      settings = settings.withAcceptTruncated(value);
      return this;
    }

    /** Adds a block of the application's own, or replaces a built-in one of the same type. */
    public Builder block(BlockType type) {
      registry = registry.with(requireNonNull(type, "type"));
      return this;
    }

    /**
     * {@return the settings, without the blocks of the application's own}
     *
     * @throws IllegalStateException if no weights were given
     */
    public DetectorSettings settings() {
      settings.weightsPath();
      return settings;
    }

    /**
     * {@return a new detector, for the caller to close}
     *
     * @throws ModelConfigException if the YAML cannot be read or built
     * @throws WeightsException if the weights cannot be read or do not match the YAML
     * @throws InferenceException if the engine or the device is missing
     * @throws IllegalStateException if no weights were given
     */
    public Detector build() {
      if (Files.isReadable(settings.weightsPath())) {
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
      Pipeline.withClassIds(model, settings.options());
      return new Detector(
          model, settings.options(), settings.readOptions(), Pipeline.of(model, settings));
    }

    /**
     * Writes the network as ONNX (operator set 17) for other runtimes, without the engine. The file
     * appears only when it is complete. Input: {@code images} (N, 3, H, W), values 0 to 1. Outputs
     * as upstream's export has them: {@code output0} (N, predictions, 5 + classes + mask
     * coefficients), decoded, in pixels of the input; {@code output1}, the mask prototypes of a
     * segmentation model. N, H and W are dynamic.
     *
     * @throws ModelConfigException if the YAML cannot be read or built
     * @throws WeightsException if the weights cannot be read or do not match the YAML
     * @throws IllegalStateException if no weights were given
     * @throws java.io.UncheckedIOException if the file cannot be written
     */
    public void exportOnnx(Path out) {
      requireNonNull(out, "out");
      OnnxExport.write(assemble(), OnnxExport.DEFAULT_OPSET, false, out);
    }

    private Model assemble() {
      Path weights = settings.weightsPath();
      Limits limits = settings.limits();
      String config = settings.config();
      ModelAssembly.checkNotExchanged(config, weights);
      ModelConfig modelConfig = config == null ? null : ModelConfig.load(config, limits);
      Checkpoint checkpoint = CheckpointReader.read(weights, limits);
      return ModelAssembly.assemble(checkpoint, modelConfig, registry, limits);
    }
  }

  /** {@return the engine and its version, which is loaded if it is not yet} */
  static String engine() {
    return PyTorchEngine.get().describe();
  }
}
