package ai.irmb.internal.validate;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.DatasetException;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.engine.InferenceThreads;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.execution.Batch;
import ai.irmb.internal.execution.Execution;
import ai.irmb.internal.execution.ImageResult;
import ai.irmb.internal.image.ImageSize;
import ai.irmb.internal.image.Letterbox;
import ai.irmb.internal.image.ValidationResize;
import ai.irmb.internal.image.ValidationResize.BatchShape;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.postprocess.Boxes;
import ai.irmb.internal.postprocess.CandidateFilter;
import ai.irmb.internal.postprocess.Nms;
import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.internal.validate.ImageLoader.Outcome;
import ai.irmb.internal.validate.ImageLoader.Prepared;
import ai.irmb.internal.validate.LabeledImage.ImageLabel;
import ai.irmb.limit.Limits;
import ai.irmb.validate.Validation;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/**
 * Holds a model against labelled images, prepared as upstream's {@code val.py} does: rectangular
 * batches of like-shaped images, padded by half a stride.
 *
 * <p>Memory is bounded by two batches, the labels and ten bytes a detection. Not safe for
 * concurrent use; owns nothing.
 */
public final class Validator {
  private static final double PADDING = 0.5;

  /**
   * How to validate.
   *
   * @param size the longer side in pixels, 1 to 65535; rounded up to the stride
   * @param batch images at a time, 1 to 1024
   * @param confidence least, in [0, 1]; 0.001 upstream
   * @param iou greatest overlap, in [0, 1]; 0.6 upstream
   * @param maxDetections at most so many an image, at least 1; 300 upstream
   */
  public record Settings(int size, int batch, double confidence, double iou, int maxDetections) {
    private static final int MOST_SIDE = 65_535;
    private static final int MOST_BATCH = 1024;

    /**
     * @throws IllegalArgumentException if a number is out of range
     */
    public Settings {
      within("size", size, 1, MOST_SIDE);
      within("batch", batch, 1, MOST_BATCH);
      within("confidence", confidence, 0, 1);
      within("iou", iou, 0, 1);
      within("maxDetections", maxDetections, 1, Nms.MAX_CANDIDATES);
    }

    private static void within(String name, Number value, int least, int most) {
      if (!(value.doubleValue() >= least && value.doubleValue() <= most)) {
        throw new IllegalArgumentException(
            name + ": expected " + least + " to " + most + ", found " + value);
      }
    }

    /** {@return upstream's settings at a size} */
    public static Settings upstream(int size, int batch) {
      return new Settings(size, batch, 0.001, 0.6, 300);
    }
  }

  /** Hears of each image, on the thread that validates. */
  public interface Listener {
    /** Hears nothing. */
    Listener NONE =
        new Listener() {
          @Override
          public void onResult(Path file, ScoredBoxes rows) {}

          @Override
          public void onSkipped(Path file, String why) {}
        };

    /**
     * What was found in an image.
     *
     * @param file the image
     * @param rows in pixels of the image, best first
     */
    void onResult(Path file, ScoredBoxes rows);

    /**
     * An image that cannot be read, or has a side of less than 10 pixels: it is left out, as
     * upstream does.
     *
     * @param file the image
     * @param why a sentence that names it
     */
    void onSkipped(Path file, String why);
  }

  /** Images that go through the network together. */
  private record Group(List<LabeledImage> images, BatchShape shape) {}

  private final Model model;
  private final Execution execution;
  private final InferenceThreads threads;
  private final Limits limits;
  private final Settings settings;
  private final int size;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

  /**
   * @param model what is validated
   * @param execution runs it; stays the caller's
   * @param threads on which it runs; stay the caller's
   * @param limits of the images
   */
  public Validator(
      Model model,
      Execution execution,
      InferenceThreads threads,
      Limits limits,
      Settings settings) {
    this.model = requireNonNull(model, "model");
    this.execution = requireNonNull(execution, "execution");
    this.threads = requireNonNull(threads, "threads");
    this.limits = requireNonNull(limits, "limits");
    this.settings = requireNonNull(settings, "settings");
    this.size = model.roundUpToStride(settings.size());
  }

  /**
   * {@return how good the model is}
   *
   * @throws DatasetException if the model has other classes, or no image can be read
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
    Metrics metrics = new Metrics(model.names());
    try (ImageLoader loader = new ImageLoader(limits, size)) {
      List<Group> groups = groups(data.images(), loader, listener);
      List<Future<Outcome<Prepared>>> next = begin(loader, groups, 0);
      for (int i = 0; i < groups.size(); i++) {
        List<Outcome<Prepared>> batch = usable(ImageLoader.await(next), listener);
        next = begin(loader, groups, i + 1);
        if (!batch.isEmpty()) {
          run(batch, groups.get(i).shape(), metrics, listener);
        }
      }
    }
    Validation result = metrics.result();
    if (result.report().images() == 0) {
      throw new DatasetException(
          data.source() + ": none of its " + data.images().size() + " images can be used");
    }
    return result;
  }

  private static List<Future<Outcome<Prepared>>> begin(
      ImageLoader loader, List<Group> groups, int i) {
    return i < groups.size()
        ? loader.begin(groups.get(i).images(), groups.get(i).shape())
        : List.of();
  }

  private static <V> List<Outcome<V>> usable(List<Outcome<V>> all, Listener listener) {
    List<Outcome<V>> usable = new ArrayList<>();
    for (Outcome<V> each : all) {
      if (each.value() == null) {
        listener.onSkipped(each.image().file(), each.problem());
      } else {
        usable.add(each);
      }
    }
    return usable;
  }

  private List<Group> groups(List<LabeledImage> images, ImageLoader loader, Listener listener) {
    List<Outcome<ImageSize>> usable = usable(loader.sizes(images), listener);
    int[] widths = usable.stream().mapToInt(o -> o.needed().width()).toArray();
    int[] heights = usable.stream().mapToInt(o -> o.needed().height()).toArray();
    List<Integer> order = ValidationResize.order(widths, heights);
    List<Group> groups = new ArrayList<>();
    for (int from = 0; from < order.size(); from += settings.batch()) {
      List<Integer> part = order.subList(from, Math.min(from + settings.batch(), order.size()));
      groups.add(
          new Group(
              part.stream().map(i -> usable.get(i).image()).toList(),
              ValidationResize.batchShape(
                  part.stream().mapToInt(i -> widths[i]).toArray(),
                  part.stream().mapToInt(i -> heights[i]).toArray(),
                  size,
                  model.stride(),
                  PADDING)));
    }
    return groups;
  }

  private void run(
      List<Outcome<Prepared>> batch, BatchShape shape, Metrics metrics, Listener listener) {
    int each = Math.multiplyExact(3 * shape.width(), shape.height());
    ByteBuffer pixels = buffer(each, batch.size());
    for (int k = 0; k < batch.size(); k++) {
      Prepared p = batch.get(k).needed();
      Letterbox.apply(p.resized(), p.pad(), pixels, k * each);
    }
    Batch input = new Batch(pixels, batch.size(), shape.height(), shape.width());
    CandidateFilter filter = new CandidateFilter((float) settings.confidence(), true, null);
    List<ImageResult> raw = threads.run(() -> execution.run(input, filter));
    Nms nms = new Nms(settings.iou(), false, Nms.MAX_CANDIDATES, settings.maxDetections());
    for (int k = 0; k < batch.size(); k++) {
      ScoredBoxes kept = nms.suppress(raw.get(k).candidates());
      LabeledImage image = batch.get(k).image();
      score(batch.get(k).needed(), image.labels(), kept, metrics);
      listener.onResult(image.file(), kept);
    }
  }

  /** The same memory for every batch that fits: making it anew is dear. */
  private ByteBuffer buffer(int each, int count) {
    long bytes = (long) each * count;
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

  /** Brings the boxes back to the image, and compares. */
  private static void score(
      Prepared p, List<ImageLabel> labels, ScoredBoxes kept, Metrics metrics) {
    double gain = (double) p.resized().height() / p.height();
    Boxes.toOriginal(kept, gain, p.pad().padX(), p.pad().padY(), p.width(), p.height());
    // Upstream takes a label through the resized image and back, both by the height's ratio.
    double scaleX = p.resized().width() / gain;
    double scaleY = p.resized().height() / gain;
    metrics.add(kept, Truth.of(labels, scaleX, scaleY, p.width(), p.height()));
  }
}
