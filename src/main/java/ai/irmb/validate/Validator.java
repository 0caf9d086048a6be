package ai.irmb.validate;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.DataSetException;
import ai.irmb.error.Excerpt;
import ai.irmb.error.InferenceException;
import ai.irmb.execution.Batch;
import ai.irmb.execution.Execution;
import ai.irmb.execution.InferenceThreads;
import ai.irmb.execution.PictureResult;
import ai.irmb.image.Letterbox;
import ai.irmb.image.PictureSize;
import ai.irmb.image.ValidationResize;
import ai.irmb.image.ValidationResize.BatchShape;
import ai.irmb.limit.Limits;
import ai.irmb.network.Model;
import ai.irmb.postprocess.Boxes;
import ai.irmb.postprocess.CandidateFilter;
import ai.irmb.postprocess.Nms;
import ai.irmb.postprocess.Rows;
import ai.irmb.validate.LabelledPicture.Label;
import ai.irmb.validate.PictureLoader.Outcome;
import ai.irmb.validate.PictureLoader.Prepared;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/**
 * Holds a model against labelled pictures, prepared as upstream's {@code val.py} does: rectangular
 * batches of like-shaped pictures, padded by half a stride.
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
   * @param batch pictures at a time, 1 to 1024
   * @param confidence least, in [0, 1]; 0.001 upstream
   * @param iou greatest overlap, in [0, 1]; 0.6 upstream
   * @param maxDetections at most so many a picture, at least 1; 300 upstream
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

  /** Hears of each picture, on the thread that validates. */
  public interface Listener {
    /** Hears nothing. */
    Listener NONE =
        new Listener() {
          @Override
          public void found(Path file, Rows rows) {}

          @Override
          public void skipped(Path file, String why) {}
        };

    /**
     * What was found in a picture.
     *
     * @param file the picture
     * @param rows in pixels of the picture, best first
     */
    void found(Path file, Rows rows);

    /**
     * A picture that cannot be read, or has a side of less than 10 pixels: it is left out, as
     * upstream does.
     *
     * @param file the picture
     * @param why a sentence that names it
     */
    void skipped(Path file, String why);
  }

  /** Pictures that go through the network together. */
  private record Group(List<LabelledPicture> pictures, BatchShape shape) {}

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
   * @param limits of the pictures
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
    this.size = model.roundedUp(settings.size());
  }

  /**
   * {@return how good the model is}
   *
   * @throws DataSetException if the model has other classes, or no picture can be read
   */
  public Validation run(DataSet data, Listener listener) {
    int classes = model.names().size();
    if (data.names().size() != classes) {
      throw new DataSetException(
          data.source()
              + ": it has "
              + data.names().size()
              + " classes, the model has "
              + classes
              + ": "
              + Excerpt.of(model.names().toString()));
    }
    Metrics metrics = new Metrics(model.names());
    try (PictureLoader loader = new PictureLoader(limits, size)) {
      List<Group> groups = groups(data.pictures(), loader, listener);
      List<Future<Outcome<Prepared>>> next = begin(loader, groups, 0);
      for (int i = 0; i < groups.size(); i++) {
        List<Outcome<Prepared>> batch = usable(PictureLoader.await(next), listener);
        next = begin(loader, groups, i + 1);
        if (!batch.isEmpty()) {
          run(batch, groups.get(i).shape(), metrics, listener);
        }
      }
    }
    Validation result = metrics.result();
    if (result.report().images() == 0) {
      throw new DataSetException(
          data.source() + ": none of its " + data.pictures().size() + " pictures can be used");
    }
    return result;
  }

  private static List<Future<Outcome<Prepared>>> begin(
      PictureLoader loader, List<Group> groups, int i) {
    return i < groups.size()
        ? loader.begin(groups.get(i).pictures(), groups.get(i).shape())
        : List.of();
  }

  private static <V> List<Outcome<V>> usable(List<Outcome<V>> all, Listener listener) {
    List<Outcome<V>> usable = new ArrayList<>();
    for (Outcome<V> each : all) {
      if (each.value() == null) {
        listener.skipped(each.picture().file(), each.problem());
      } else {
        usable.add(each);
      }
    }
    return usable;
  }

  private List<Group> groups(
      List<LabelledPicture> pictures, PictureLoader loader, Listener listener) {
    List<Outcome<PictureSize>> usable = usable(loader.sizes(pictures), listener);
    int[] widths = usable.stream().mapToInt(o -> o.needed().width()).toArray();
    int[] heights = usable.stream().mapToInt(o -> o.needed().height()).toArray();
    List<Integer> order = ValidationResize.order(widths, heights);
    List<Group> groups = new ArrayList<>();
    for (int from = 0; from < order.size(); from += settings.batch()) {
      List<Integer> part = order.subList(from, Math.min(from + settings.batch(), order.size()));
      groups.add(
          new Group(
              part.stream().map(i -> usable.get(i).picture()).toList(),
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
    List<PictureResult> raw = threads.run(() -> execution.run(input, filter));
    Nms nms = new Nms(settings.iou(), false, Nms.MAX_CANDIDATES, settings.maxDetections());
    for (int k = 0; k < batch.size(); k++) {
      Rows kept = nms.suppress(raw.get(k).candidates());
      LabelledPicture picture = batch.get(k).picture();
      score(batch.get(k).needed(), picture.labels(), kept, metrics);
      listener.found(picture.file(), kept);
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

  /** Brings the boxes back to the picture, and compares. */
  private static void score(Prepared p, List<Label> labels, Rows kept, Metrics metrics) {
    double gain = (double) p.resized().height() / p.height();
    Boxes.toOriginal(kept, gain, p.pad().padX(), p.pad().padY(), p.width(), p.height());
    // Upstream takes a label through the resized picture and back, both by the height's ratio.
    double scaleX = p.resized().width() / gain;
    double scaleY = p.resized().height() / gain;
    metrics.add(kept, Truth.of(labels, scaleX, scaleY, p.width(), p.height()));
  }
}
