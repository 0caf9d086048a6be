package ai.irmb;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.engine.InferenceThreads;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.error.Suggestions;
import ai.irmb.internal.execution.Batch;
import ai.irmb.internal.execution.Execution;
import ai.irmb.internal.execution.ExecutionFactory;
import ai.irmb.internal.execution.ImageResult;
import ai.irmb.internal.geometry.LetterboxGeometry;
import ai.irmb.internal.geometry.LetterboxInverse;
import ai.irmb.internal.image.Letterbox;
import ai.irmb.internal.image.ValidationResize.BatchShape;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.postprocess.Boxes;
import ai.irmb.internal.postprocess.CandidateFilter;
import ai.irmb.internal.postprocess.Masks;
import ai.irmb.internal.postprocess.Nms;
import ai.irmb.internal.postprocess.Prototypes;
import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.internal.validate.Dataset;
import ai.irmb.internal.validate.Validator;
import ai.irmb.internal.validate.Validator.SizedImage;
import ai.irmb.limit.Limits;
import ai.irmb.validate.ValidateOptions;
import ai.irmb.validate.Validation;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Letterboxing, the network, NMS, and boxes in the image's pixels. Safe for concurrent use. */
final class Pipeline implements AutoCloseable {
  private static final int MAX_NAMES_IN_MESSAGE = 10;

  private final Model model;
  private final Execution execution;
  private final InferenceThreads threads;
  private final AttentionMaps attention;
  private final int batchSize;
  private final PixelBufferPool buffers = new PixelBufferPool();

  private Pipeline(
      Model model,
      Execution execution,
      InferenceThreads threads,
      AttentionMaps attention,
      int batchSize) {
    this.model = model;
    this.execution = execution;
    this.threads = threads;
    this.attention = attention;
    this.batchSize = batchSize;
  }

  static Pipeline of(Model model, DetectorSettings settings) {
    String device = settings.device();
    Execution execution =
        ExecutionFactory.open(
            model, device, settings.precision(), settings.execution(), settings.strictPrecision());
    return of(model, execution, settings);
  }

  /**
   * {@return the pipeline of an execution on the settings' device}
   *
   * @param execution is closed with the pipeline
   */
  static Pipeline of(Model model, Execution execution, DetectorSettings settings) {
    String device = settings.device();
    int concurrency = settings.maxConcurrency();
    int count = concurrency > 0 ? concurrency : PyTorchEngine.defaultConcurrency();
    InferenceThreads threads = PyTorchEngine.get().inferenceThreads(device, count);
    AttentionMaps attention = AttentionMaps.of(model, device, threads);
    return new Pipeline(model, execution, threads, attention, settings.batchSize());
  }

  /**
   * {@return the options with ids instead of names of classes}
   *
   * @throws IllegalArgumentException if the options name a class that the model does not have
   */
  static DetectOptions withClassIds(Model model, DetectOptions options) {
    Set<Integer> ids = options.classes();
    int count = model.names().size();
    for (int c : ids == null ? Set.<Integer>of() : ids) {
      if (c >= count) {
        throw new IllegalArgumentException(
            "classes: " + c + " is out of range; the model has 0 to " + (count - 1));
      }
    }
    Set<String> names = options.classNames();
    if (names == null) {
      return options;
    }
    Set<Integer> all = new TreeSet<>(ids == null ? Set.of() : ids);
    for (String name : names) {
      all.addAll(ids(model.names(), name));
    }
    return options.withClassNames(null).withClasses(all);
  }

  /** {@return the ids of the classes of a name; several classes may have the same} */
  private static Set<Integer> ids(Map<Integer, String> names, String name) {
    Set<Integer> ids = new TreeSet<>();
    names.forEach(
        (id, each) -> {
          if (each.equals(name)) {
            ids.add(id);
          }
        });
    if (ids.isEmpty()) {
      String close = Suggestions.didYouMean(name, names.values());
      throw new IllegalArgumentException(
          "classes: the model has no class "
              + Quoting.quote(name)
              + (close.isEmpty() ? "; it has " + some(names) : close));
    }
    return ids;
  }

  private static String some(Map<Integer, String> names) {
    String first =
        names.values().stream()
            .limit(MAX_NAMES_IN_MESSAGE)
            .map(Quoting::escapeName)
            .collect(Collectors.joining(", "));
    return first + (names.size() > MAX_NAMES_IN_MESSAGE ? " and others" : "");
  }

  int defaultSize() {
    return model.defaultSize();
  }

  Validation validate(
      Dataset data, ValidateOptions options, ValidationListener listener, Limits limits) {
    Validator.Listener adapter =
        new Validator.Listener() {
          @Override
          public boolean wantsMasks() {
            return listener.wantsMasks();
          }

          @Override
          public void onResult(
              SizedImage image, BatchShape input, ScoredBoxes boxes, List<int[]> masks) {
            listener.onResult(
                image.file(),
                new Detections(
                    image.width(),
                    image.height(),
                    input.width(),
                    input.height(),
                    detections(
                        boxes,
                        i ->
                            masks.isEmpty()
                                ? null
                                : Mask.of(image.width(), image.height(), masks.get(i))),
                    boxes.truncated()));
          }

          @Override
          public void onSkipped(Path file, String reason) {
            listener.onSkipped(file, reason);
          }
        };
    return new Validator(model, execution, threads, limits, options).run(data, adapter);
  }

  /** The size that some images are letterboxed to. */
  private record Group(int height, int width) {
    /** {@return the bytes of one image; sides are bounded by the options} */
    int bytes() {
      return Math.multiplyExact(3, Math.multiplyExact(height, width));
    }

    // Written out for a fast start, see docs/decisions/start-up.md.
    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Group other && height == other.height && width == other.width;
    }

    @Override
    public int hashCode() {
      return 31 * height + width;
    }
  }

  List<Detections> detect(List<RgbImage> images, DetectOptions given) {
    DetectOptions options = withClassIds(model, given);
    if (options.slices() == null) {
      return detectFullImages(images, options);
    }
    SlicedDetection slicing = new SlicedDetection(this::detectFullImages, batchSize);
    return images.stream()
        .map(image -> slicing.detect(image, options, tiling(image, options, options.slices())))
        .toList();
  }

  List<AttentionMap> attention(RgbImage image, DetectOptions options, int layer) {
    return attention.of(image, geometry(image, options), layer, buffers);
  }

  private SliceGrid tiling(RgbImage image, DetectOptions options, Slices slices) {
    int height = slices.height() > 0 ? slices.height() : inputHeight(options);
    int width = slices.width() > 0 ? slices.width() : inputWidth(options);
    return SliceGrid.of(image.width(), image.height(), width, height, slices.overlap());
  }

  private List<Detections> detectFullImages(List<RgbImage> images, DetectOptions options) {
    LetterboxGeometry[] geometries = new LetterboxGeometry[images.size()];
    Map<Group, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < geometries.length; i++) {
      geometries[i] = geometry(images.get(i), options);
      Group group = new Group(geometries[i].height(), geometries[i].width());
      groups.computeIfAbsent(group, g -> new ArrayList<>()).add(i);
    }
    Detections[] results = new Detections[geometries.length];
    groups.forEach(
        (group, members) -> {
          int max = Math.min(batchSize, Integer.MAX_VALUE / group.bytes());
          for (int from = 0; from < members.size(); from += max) {
            List<Integer> batch = members.subList(from, Math.min(from + max, members.size()));
            run(group, batch, images, geometries, options, results);
          }
        });
    return List.copyOf(Arrays.asList(results));
  }

  private LetterboxGeometry geometry(RgbImage image, DetectOptions options) {
    return LetterboxGeometry.of(
        image.width(),
        image.height(),
        inputWidth(options),
        inputHeight(options),
        options.rectangular(),
        true,
        model.stride());
  }

  /** {@return the maximum height of the network's input} */
  private int inputHeight(DetectOptions options) {
    return model.roundUpToStride(options.height() > 0 ? options.height() : defaultSize());
  }

  /** {@return the maximum width of the network's input} */
  private int inputWidth(DetectOptions options) {
    return model.roundUpToStride(options.width() > 0 ? options.width() : defaultSize());
  }

  private void run(
      Group group,
      List<Integer> members,
      List<RgbImage> images,
      LetterboxGeometry[] geometries,
      DetectOptions options,
      Detections[] results) {
    int each = group.bytes();
    int bytes = Math.multiplyExact(members.size(), each);
    ByteBuffer buffer = buffers.borrow(bytes);
    double[] letterbox = new double[members.size()];
    try {
      for (int k = 0; k < members.size(); k++) {
        int i = members.get(k);
        long start = System.nanoTime();
        Letterbox.apply(images.get(i), geometries[i], buffer, Math.multiplyExact(k, each));
        letterbox[k] = Timings.since(start);
      }
      Batch batch =
          new Batch(buffer.slice(0, bytes), members.size(), group.height(), group.width());
      CandidateFilter filter =
          new CandidateFilter(
              (float) options.confidenceThreshold(), options.multiLabel(), options.classes());
      TimedRun raw = threads.run(() -> timed(batch, filter));
      double inference = raw.millis() / members.size();
      for (int k = 0; k < members.size(); k++) {
        int i = members.get(k);
        long start = System.nanoTime();
        Detections result = finish(raw.results().get(k), images.get(i), group, options);
        results[i] =
            result.withTimings(new Timings(0, letterbox[k], inference, Timings.since(start)));
      }
    } finally {
      buffers.release(buffer);
    }
  }

  private record TimedRun(List<ImageResult> results, double millis) {}

  /** Called on the inference thread, so that waiting for it does not count. */
  private TimedRun timed(Batch batch, CandidateFilter filter) {
    long start = System.nanoTime();
    List<ImageResult> results = execution.run(batch, filter);
    return new TimedRun(results, Timings.since(start));
  }

  private Detections finish(ImageResult raw, RgbImage image, Group group, DetectOptions options) {
    Nms nms =
        new Nms(
            options.iouThreshold(),
            options.classAgnostic(),
            Nms.MAX_CANDIDATES,
            options.maxDetections());
    ScoredBoxes kept = nms.suppress(raw.candidates());
    int width = image.width();
    int height = image.height();
    Prototypes prototypes = options.masks() == MaskMode.OFF ? null : raw.prototypes();
    List<int[]> masks = List.of();
    if (prototypes != null && options.masks() == MaskMode.STANDARD) {
      masks = Masks.standard(prototypes, kept, group.width(), group.height(), width, height);
    }
    Boxes.toOriginal(kept, LetterboxInverse.ofSizes(group.width(), group.height(), width, height));
    if (prototypes != null && options.masks() == MaskMode.RETINA) {
      masks = Masks.retina(prototypes, kept, width, height);
    }
    List<int[]> runs = masks;
    List<Detection> list =
        detections(kept, i -> runs.isEmpty() ? null : Mask.of(width, height, runs.get(i)));
    return new Detections(width, height, group.width(), group.height(), list, kept.truncated());
  }

  private List<Detection> detections(ScoredBoxes kept, IntFunction<@Nullable Mask> masks) {
    List<Detection> list = new ArrayList<>(kept.count());
    float[] boxes = kept.boxes();
    for (int i = 0; i < kept.count(); i++) {
      int classId = kept.classes()[i];
      list.add(
          new Detection(
              classId,
              model.names().getOrDefault(classId, String.valueOf(classId)),
              kept.scores()[i],
              new Box(boxes[4 * i], boxes[4 * i + 1], boxes[4 * i + 2], boxes[4 * i + 3]),
              masks.apply(i)));
    }
    return list;
  }

  @Override
  public void close() {
    execution.close();
    attention.close();
    threads.close();
  }
}
