package ai.irmb.internal.validate;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.DatasetException;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.engine.InferenceThreads;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.execution.Batch;
import ai.irmb.internal.execution.Execution;
import ai.irmb.internal.execution.ImageResult;
import ai.irmb.internal.geometry.LetterboxInverse;
import ai.irmb.internal.image.ImageSize;
import ai.irmb.internal.image.Letterbox;
import ai.irmb.internal.image.ValidationResize;
import ai.irmb.internal.image.ValidationResize.BatchShape;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.postprocess.BinaryMask;
import ai.irmb.internal.postprocess.Boxes;
import ai.irmb.internal.postprocess.CandidateFilter;
import ai.irmb.internal.postprocess.Masks;
import ai.irmb.internal.postprocess.Nms;
import ai.irmb.internal.postprocess.OutlineMasks;
import ai.irmb.internal.postprocess.Prototypes;
import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.internal.validate.ImageLoader.Outcome;
import ai.irmb.internal.validate.ImageLoader.Prepared;
import ai.irmb.internal.validate.LabeledImage.Label;
import ai.irmb.limit.Limits;
import ai.irmb.validate.ValidateOptions;
import ai.irmb.validate.Validation;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model on labeled images, prepared as YOLOv5's {@code val.py} does: rectangular batches of
 * images with similar aspect ratios, padded by half a stride.
 *
 * <p>Memory is bounded by two batches, the labels and ten bytes per detection. Not safe for
 * concurrent use; owns nothing.
 */
public final class Validator {
  /** Padding of a batch in strides. */
  private static final double PADDING = 0.5;

  /** Receives the result of each image, on the thread that validates. */
  public interface Listener {
    /**
     * Called for each image.
     *
     * @param image the file and its size
     * @param input the size of the network's input
     * @param boxes in pixels of the image, best first
     * @param masks the run lengths of the mask of each box; empty unless wanted
     */
    void onResult(SizedImage image, BatchShape input, ScoredBoxes boxes, List<int[]> masks);

    /** {@return whether results have masks} */
    boolean wantsMasks();

    /**
     * Called for each image that is left out.
     *
     * @param file the image
     * @param reason a sentence that names it or its label file
     */
    void onSkipped(Path file, String reason);
  }

  /** An image file and the size of its image. */
  public record SizedImage(Path file, int width, int height) {}

  /** The images of one forward pass, and the size of the network's input. */
  private record ImageBatch(List<LabeledImage> images, BatchShape shape) {}

  private final Model model;
  private final Execution execution;
  private final InferenceThreads threads;
  private final Limits limits;
  private final ValidateOptions options;
  private final boolean measuresMasks;
  private final int size;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

  /**
   * @param model the model to validate
   * @param execution runs it; remains the caller's
   * @param threads run the execution; remain the caller's
   * @param limits for the images
   */
  public Validator(
      Model model,
      Execution execution,
      InferenceThreads threads,
      Limits limits,
      ValidateOptions options) {
    this.model = requireNonNull(model, "model");
    this.execution = requireNonNull(execution, "execution");
    this.threads = requireNonNull(threads, "threads");
    this.limits = requireNonNull(limits, "limits");
    this.options = requireNonNull(options, "options");
    this.measuresMasks = measuresMasks(model, options);
    this.size = model.roundUpToStride(options.size() == 0 ? model.defaultSize() : options.size());
  }

  /** {@return whether masks of this model are measured} */
  public static boolean measuresMasks(Model model, ValidateOptions options) {
    return model.hasMasks() && !options.boxesOnly();
  }

  /**
   * {@return the model's accuracy on a data set}
   *
   * @throws DatasetException if the number of classes differs, or no image can be read
   */
  public Validation run(Dataset data, Listener listener) {
    int classes = model.names().size();
    if (data.names().size() != classes) {
      throw new DatasetException(
          data.source()
              + ": it has "
              + data.names().size()
              + " classes, the model has "
              + classes
              + ": "
              + Quoting.quote(model.names().toString()));
    }
    data.leftOut().forEach(image -> listener.onSkipped(image.file(), image.reason()));
    Metrics metrics = new Metrics(model.names());
    try (ImageLoader loader = new ImageLoader(limits, size)) {
      List<ImageBatch> batches = batches(data.images(), loader, listener);
      List<Future<Outcome<Prepared>>> next = submit(loader, batches, 0);
      for (int i = 0; i < batches.size(); i++) {
        List<Outcome<Prepared>> current = usable(ImageLoader.await(next), listener);
        next = submit(loader, batches, i + 1);
        if (!current.isEmpty()) {
          run(current, batches.get(i).shape(), metrics, listener);
        }
      }
    }
    Validation result = metrics.result(measuresMasks);
    if (result.report().images() == 0) {
      throw new DatasetException(
          data.source()
              + ": none of its "
              + (data.images().size() + data.leftOut().size())
              + " images can be used");
    }
    return result;
  }

  private static List<Future<Outcome<Prepared>>> submit(
      ImageLoader loader, List<ImageBatch> batches, int i) {
    return i < batches.size()
        ? loader.submit(batches.get(i).images(), batches.get(i).shape())
        : List.of();
  }

  private <V> List<Outcome<V>> usable(List<Outcome<V>> outcomes, Listener listener) {
    List<Outcome<V>> usable = new ArrayList<>();
    for (Outcome<V> outcome : outcomes) {
      if (outcome.value() == null && options.strict()) {
        throw new DatasetException(outcome.error());
      }
      if (outcome.value() == null) {
        listener.onSkipped(outcome.image().file(), outcome.error());
      } else {
        usable.add(outcome);
      }
    }
    return usable;
  }

  private List<ImageBatch> batches(
      List<LabeledImage> images, ImageLoader loader, Listener listener) {
    List<Outcome<ImageSize>> usable = usable(loader.sizes(images), listener);
    int[] widths = usable.stream().mapToInt(o -> o.orElseThrow().width()).toArray();
    int[] heights = usable.stream().mapToInt(o -> o.orElseThrow().height()).toArray();
    List<Integer> order = ValidationResize.order(widths, heights);
    List<ImageBatch> batches = new ArrayList<>();
    for (int from = 0; from < order.size(); from += options.batchSize()) {
      List<Integer> indices =
          order.subList(from, Math.min(from + options.batchSize(), order.size()));
      batches.add(
          new ImageBatch(
              indices.stream().map(i -> usable.get(i).image()).toList(),
              ValidationResize.batchShape(
                  indices.stream().mapToInt(i -> widths[i]).toArray(),
                  indices.stream().mapToInt(i -> heights[i]).toArray(),
                  size,
                  model.stride(),
                  PADDING)));
    }
    return batches;
  }

  private void run(
      List<Outcome<Prepared>> images, BatchShape shape, Metrics metrics, Listener listener) {
    int imageBytes = Math.multiplyExact(3 * shape.width(), shape.height());
    ByteBuffer pixels = buffer(imageBytes, images.size());
    for (int k = 0; k < images.size(); k++) {
      Prepared p = images.get(k).orElseThrow();
      Letterbox.apply(p.resized(), p.pad(), pixels, k * imageBytes);
    }
    Batch batch = new Batch(pixels, images.size(), shape.height(), shape.width());
    CandidateFilter filter = new CandidateFilter((float) options.confidenceThreshold(), true, null);
    List<ImageResult> results = threads.run(() -> execution.run(batch, filter));
    Nms nms = new Nms(options.iouThreshold(), false, Nms.MAX_CANDIDATES, options.maxDetections());
    for (int k = 0; k < images.size(); k++) {
      ScoredBoxes boxes = nms.suppress(results.get(k).candidates());
      Prepared p = images.get(k).orElseThrow();
      LabeledImage image = images.get(k).image();
      Prototypes prototypes = results.get(k).prototypes();
      // Masks are cropped to boxes in letterboxed pixels, which score() maps to the image.
      Metrics.Overlap overlap =
          measuresMasks && prototypes != null ? maskOverlap(prototypes, boxes, image, p) : null;
      List<int[]> masks =
          listener.wantsMasks() && prototypes != null
              ? Masks.validation(prototypes, boxes, p.pad(), p.width(), p.height())
              : List.of();
      score(p, image.labels(), boxes, overlap, metrics);
      listener.onResult(new SizedImage(image.file(), p.width(), p.height()), shape, boxes, masks);
    }
  }

  private static Metrics.Overlap maskOverlap(
      Prototypes prototypes, ScoredBoxes boxes, LabeledImage image, Prepared p) {
    List<BinaryMask> found =
        Masks.atPrototypes(prototypes, boxes, p.pad().width(), p.pad().height());
    OutlineMasks outlines = new OutlineMasks(p.pad(), prototypes.width(), prototypes.height());
    List<BinaryMask> labeled = image.outlines().stream().map(outlines::of).toList();
    return (detection, label) -> found.get(detection).iou(labeled.get(label));
  }

  /** {@return memory for a batch, reused where it fits: allocating it is expensive} */
  private ByteBuffer buffer(int imageBytes, int count) {
    long bytes = (long) imageBytes * count;
    if (buffer.capacity() < bytes) {
      try {
        buffer = ByteBuffer.allocateDirect(Math.toIntExact(bytes));
      } catch (OutOfMemoryError | ArithmeticException e) {
        throw new InferenceException(
            "no memory for a batch of " + bytes + " bytes; a smaller batch needs less", e);
      }
    }
    return buffer.clear().limit((int) bytes).slice();
  }

  /** Maps the boxes to pixels of the image, and compares them with its labels. */
  private static void score(
      Prepared p,
      List<Label> labels,
      ScoredBoxes boxes,
      Metrics.@Nullable Overlap maskOverlap,
      Metrics metrics) {
    double gain = (double) p.resized().height() / p.height();
    Boxes.toOriginal(
        boxes, new LetterboxInverse(gain, p.pad().padX(), p.pad().padY(), p.width(), p.height()));
    // YOLOv5 maps a label to the resized image and back, both by the ratio of the heights.
    double scaleX = p.resized().width() / gain;
    double scaleY = p.resized().height() / gain;
    metrics.add(boxes, GroundTruth.of(labels, scaleX, scaleY, p.width(), p.height()), maskOverlap);
  }
}
