package ai.irmb;

import static java.util.Objects.requireNonNull;

import ai.irmb.block.BlockType;
import ai.irmb.error.ImageException;
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
import ai.irmb.internal.file.FileNames;
import ai.irmb.internal.file.InputResource;
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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
  private final DetectorSettings settings;
  private final DetectOptions defaults;
  private final ReadOptions reading;
  private final Pipeline pipeline;
  private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
  private boolean closed;

  private Detector(Model model, DetectorSettings settings, Pipeline pipeline) {
    this.model = model;
    this.settings = settings;
    this.defaults = settings.options();
    this.reading = settings.readOptions();
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

  /**
   * {@return a detector from a checkpoint; see {@link #load(Path)}}
   *
   * @param weights a path or, after {@code classpath:}, a resource: {@code classpath:best.pt}
   */
  public static Detector load(String weights) {
    return builder().weights(weights).build();
  }

  /**
   * {@return a detector from a checkpoint; see {@link #load(Path)}}
   *
   * @param weights read to its end into memory, bounded by {@link
   *     ai.irmb.limit.Limit#WEIGHTS_BYTES}; not closed
   */
  public static Detector load(InputStream weights) {
    return builder().weights(weights, "stream").build();
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
    return builder().config(config).weights(weights).build();
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

  /**
   * {@return the facts about the model, and what it runs on}
   *
   * @throws IllegalStateException if the detector is closed
   */
  public DetectorInfo info() {
    return whileOpen(() -> DetectorInfo.of(model, settings));
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
   * @throws ImageException if it is not an image, or exceeds the limits
   * @throws IOException if it cannot be read
   */
  public Detections detect(Path image) throws IOException {
    return detect(image, defaults);
  }

  /** {@return the detections in an image file, under these options; see {@link #detect(Path)}} */
  public Detections detect(Path image, DetectOptions options) throws IOException {
    requireNonNull(image, "image");
    return detect(() -> RgbImage.read(image, reading), options);
  }

  /** {@return the detections in an image, read to the end of the stream; the stream stays open} */
  public Detections detect(InputStream image) throws IOException {
    return detect(image, defaults);
  }

  /** {@return the detections in an image, under these options; see {@link #detect(InputStream)}} */
  public Detections detect(InputStream image, DetectOptions options) throws IOException {
    requireNonNull(image, "image");
    return detect(() -> RgbImage.read(image, "stream", reading), options);
  }

  /**
   * {@return the detections in the image file that these bytes are}
   *
   * @throws ImageException if they are not an image, or exceed the limits
   */
  public Detections detect(byte[] image) {
    return detect(image, defaults);
  }

  /** {@return the detections in an image, under these options; see {@link #detect(byte[])}} */
  public Detections detect(byte[] image, DetectOptions options) {
    requireNonNull(image, "image");
    try {
      return detect(() -> RgbImage.read(image, "bytes", reading), options);
    } catch (IOException e) {
      throw new UncheckedIOException("an array cannot fail to be read", e);
    }
  }

  /** {@return the detections in an image of any type; alpha is ignored} */
  public Detections detect(BufferedImage image) {
    return detect(image, defaults);
  }

  /** {@return the detections in an image of any type, under these options; alpha is ignored} */
  public Detections detect(BufferedImage image, DetectOptions options) {
    return detect(RgbImage.of(requireNonNull(image, "image")), options);
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
    double decoding = Timings.since(start);
    return decoded(detect(decoded, options), decoding);
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

  /** {@return the detections in each file; see {@link #detectFiles(List, DetectOptions)}} */
  public Stream<FileDetections> detectFiles(List<Path> images) {
    return detectFiles(images, defaults);
  }

  /**
   * {@return the detections in each image file, in order, or the reason why it could not be read}
   *
   * <p>The stream reads the files as it is consumed, at most {@link DetectorSettings#batchSize} at
   * a time, so the number of files is not bounded by memory. It ends with an {@link
   * IllegalStateException} if the detector is closed before.
   */
  public Stream<FileDetections> detectFiles(List<Path> images, DetectOptions options) {
    List<Path> files = List.copyOf(images);
    requireNonNull(options, "options");
    int size = settings.batchSize();
    return IntStream.iterate(0, from -> from < files.size(), from -> from + size)
        .mapToObj(from -> files.subList(from, Math.min(from + size, files.size())))
        .flatMap(batch -> detectBatch(batch, options).stream());
  }

  private List<FileDetections> detectBatch(List<Path> files, DetectOptions options) {
    List<RgbImage> images = new ArrayList<>();
    Map<Integer, Exception> failures = new HashMap<>();
    double[] decoding = new double[files.size()];
    for (int i = 0; i < files.size(); i++) {
      long start = System.nanoTime();
      try {
        images.add(RgbImage.read(files.get(i), reading));
      } catch (IOException | ImageException e) {
        failures.put(i, e);
      }
      decoding[i] = Timings.since(start);
    }
    Iterator<Detections> detected = detectAll(images, options).iterator();
    List<FileDetections> results = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      Exception failure = failures.get(i);
      results.add(
          new FileDetections(
              files.get(i),
              failure == null ? decoded(detected.next(), decoding[i]) : null,
              failure));
    }
    return results;
  }

  private static Detections decoded(Detections detections, double millis) {
    return detections.withTimings(detections.timings().plus(new Timings(millis, 0, 0, 0)));
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
    private @Nullable InputResource config;
    private @Nullable InputResource weights;

    Builder(DetectorSettings settings) {
      this.settings = settings;
    }

    /** Sets {@link DetectorSettings#config}. */
    public Builder config(String nameOrPath) {
      settings = settings.withConfig(requireNonNull(nameOrPath, "nameOrPath"));
      config = null;
      return this;
    }

    /** Sets the model YAML to a file, which may be in another file system, such as a zip. */
    public Builder config(Path file) {
      config(FileNames.text(requireNonNull(file, "file")));
      config = InputResource.unlessOnDisk(file);
      return this;
    }

    /**
     * Sets the model YAML to a stream. It is read when the detector is built, and not closed.
     *
     * @param name what messages call it
     */
    public Builder config(InputStream stream, String name) {
      config(requireNonNull(name, "name"));
      config = InputResource.of(requireNonNull(stream, "stream"), name);
      return this;
    }

    /** Sets {@link DetectorSettings#weights}: a path, or a resource {@code classpath:best.pt}. */
    public Builder weights(String pathOrResource) {
      settings = settings.withWeights(requireNonNull(pathOrResource, "pathOrResource"));
      weights = null;
      return this;
    }

    /** Sets the weights to a file, which may be in another file system, such as a zip. */
    public Builder weights(Path file) {
      weights(FileNames.text(requireNonNull(file, "file")));
      weights = InputResource.unlessOnDisk(file);
      return this;
    }

    /**
     * Sets the weights to a stream. When the detector is built, it is read to its end into memory,
     * bounded by {@link ai.irmb.limit.Limit#WEIGHTS_BYTES}, and not closed.
     *
     * @param name what messages call it
     */
    public Builder weights(InputStream stream, String name) {
      weights(requireNonNull(name, "name"));
      weights = InputResource.of(requireNonNull(stream, "stream"), name);
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
     * @throws IllegalStateException if no weights were given, or weights or model YAML come from a
     *     stream or another file system, which settings cannot hold
     */
    public DetectorSettings settings() {
      InputResource notOnDisk = weights != null ? weights : config;
      if (notOnDisk != null) {
        throw new IllegalStateException(
            notOnDisk.name()
                + ": settings cannot hold a stream or a path of another file system; use a file or"
                + " a resource on the class path");
      }
      settings.weightsText();
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
      if (weightsResource() != null || Files.isReadable(settings.weightsPath())) {
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
      return new Detector(model, settings, Pipeline.of(model, settings));
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
      Limits limits = settings.limits();
      ModelAssembly.checkNotExchanged(settings.config(), settings.weightsText());
      ModelConfig modelConfig = modelConfig(limits);
      InputResource resource = weightsResource();
      Checkpoint checkpoint =
          resource == null
              ? CheckpointReader.read(settings.weightsPath(), limits)
              : CheckpointReader.read(resource, limits);
      return ModelAssembly.assemble(checkpoint, modelConfig, registry, limits);
    }

    private @Nullable ModelConfig modelConfig(Limits limits) {
      if (config != null) {
        return ModelConfig.read(config, limits);
      }
      String name = settings.config();
      return name == null ? null : ModelConfig.load(name, limits);
    }

    /** {@return the weights, or null if they are a file on disk} */
    private @Nullable InputResource weightsResource() {
      String text = settings.weightsText();
      return weights == null && InputResource.isOnClassPath(text)
          ? InputResource.onClassPath(text)
          : weights;
    }
  }

  /** {@return the engine and its version, which is loaded if it is not yet} */
  static String engine() {
    return PyTorchEngine.get().describe();
  }
}
