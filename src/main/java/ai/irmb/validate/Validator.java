package ai.irmb.validate;

import ai.irmb.error.DataSetException;
import ai.irmb.error.ImageException;
import ai.irmb.execution.Batch;
import ai.irmb.execution.Execution;
import ai.irmb.execution.InferenceThreads;
import ai.irmb.execution.PictureResult;
import ai.irmb.image.Letterbox;
import ai.irmb.image.LetterboxGeometry;
import ai.irmb.image.RgbImage;
import ai.irmb.image.ValidationResize;
import ai.irmb.limit.Limits;
import ai.irmb.network.Model;
import ai.irmb.postprocess.Boxes;
import ai.irmb.postprocess.CandidateFilter;
import ai.irmb.postprocess.Nms;
import ai.irmb.postprocess.Rows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds a model against labelled pictures, prepared as upstream's {@code val.py} does: rectangular
 * batches of like-shaped pictures, padded by half a stride.
 *
 * <p>Memory is bounded by a batch and the detections. Not safe for concurrent use; owns nothing.
 */
public final class Validator {
  private static final double PADDING = 0.5;

  /**
   * How to validate.
   *
   * @param size the longer side, in pixels
   * @param batch pictures at a time
   * @param confidence least, 0.001 upstream
   * @param iou greatest overlap, 0.6 upstream
   * @param maxDetections at most so many a picture, 300 upstream
   */
  public record Settings(int size, int batch, double confidence, double iou, int maxDetections) {
    /**
     * @throws IllegalArgumentException if a number is out of range
     */
    public Settings {
      if (size < 1 || size > 65_535 || batch < 1 || batch > 1024 || maxDetections < 1) {
        throw new IllegalArgumentException(
            "size " + size + ", batch " + batch + ", maxDetections " + maxDetections);
      }
    }

    /** {@return upstream's settings at a size} */
    public static Settings upstream(int size, int batch) {
      return new Settings(size, batch, 0.001, 0.6, 300);
    }
  }

  /** Hears of each picture. */
  public interface Listener {
    /**
     * What was found in a picture.
     *
     * @param file the picture
     * @param rows in pixels of the picture, best first
     */
    void found(Path file, Rows rows);

    /** A picture that cannot be read: it is left out, as upstream does. */
    void skipped(Path file, String why);
  }

  /** A picture that is about to run. */
  private record Prepared(
      LabelledPicture labelled, RgbImage resized, int width, int height, LetterboxGeometry pad) {}

  private final Model model;
  private final Execution execution;
  private final Limits limits;
  private final Settings settings;
  private final int size;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

  /**
   * @param model what is validated
   * @param execution runs it; stays the caller's
   * @param limits of the pictures
   */
  public Validator(Model model, Execution execution, Limits limits, Settings settings) {
    this.model = model;
    this.execution = execution;
    this.limits = limits;
    this.settings = settings;
    this.size = model.roundedUp(settings.size());
  }

  /**
   * {@return how good the model is}
   *
   * @throws DataSetException if no picture can be read
   */
  public Report run(List<LabelledPicture> pictures, InferenceThreads threads, Listener listener) {
    List<LabelledPicture> readable = new ArrayList<>();
    List<int[]> sizes = new ArrayList<>();
    for (LabelledPicture picture : pictures) {
      try {
        RgbImage image = RgbImage.read(picture.file(), limits);
        sizes.add(new int[] {image.width(), image.height()});
        readable.add(picture);
      } catch (ImageException | IOException e) {
        listener.skipped(picture.file(), String.valueOf(e.getMessage()));
      }
    }
    if (readable.isEmpty()) {
      throw new DataSetException("none of " + pictures.size() + " pictures can be read");
    }
    int[] widths = sizes.stream().mapToInt(s -> s[0]).toArray();
    int[] heights = sizes.stream().mapToInt(s -> s[1]).toArray();
    List<Integer> order = ValidationResize.order(widths, heights);
    Metrics metrics = new Metrics();
    for (int from = 0; from < order.size(); from += settings.batch()) {
      List<Integer> part = order.subList(from, Math.min(from + settings.batch(), order.size()));
      ValidationResize.BatchShape shape =
          ValidationResize.batchShape(
              part.stream().mapToInt(i -> widths[i]).toArray(),
              part.stream().mapToInt(i -> heights[i]).toArray(),
              size,
              model.stride(),
              PADDING);
      List<Prepared> batch = new ArrayList<>();
      for (int i : part) {
        batch.add(prepare(readable.get(i), shape));
      }
      run(batch, shape, threads, metrics, listener);
    }
    return metrics.report(model.names());
  }

  private Prepared prepare(LabelledPicture labelled, ValidationResize.BatchShape shape) {
    try {
      RgbImage image = RgbImage.read(labelled.file(), limits);
      RgbImage resized = ValidationResize.resize(image, size);
      return new Prepared(
          labelled,
          resized,
          image.width(),
          image.height(),
          ValidationResize.pad(resized.width(), resized.height(), shape));
    } catch (IOException e) {
      throw new ImageException(labelled.file() + ": cannot be read again: " + e.getMessage(), e);
    }
  }

  private void run(
      List<Prepared> batch,
      ValidationResize.BatchShape shape,
      InferenceThreads threads,
      Metrics metrics,
      Listener listener) {
    int each = Math.multiplyExact(3 * shape.width(), shape.height());
    int bytes = Math.multiplyExact(each, batch.size());
    if (buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocateDirect(bytes);
    }
    ByteBuffer pixels = buffer.duplicate().clear().limit(bytes).slice();
    for (int k = 0; k < batch.size(); k++) {
      Prepared p = batch.get(k);
      Letterbox.apply(p.resized(), p.pad(), pixels, k * each);
    }
    Batch input = new Batch(pixels, batch.size(), shape.height(), shape.width());
    CandidateFilter filter = new CandidateFilter((float) settings.confidence(), true, null);
    List<PictureResult> raw = threads.run(() -> execution.run(input, filter));
    Nms nms = new Nms(settings.iou(), false, Nms.MAX_CANDIDATES, settings.maxDetections());
    for (int k = 0; k < batch.size(); k++) {
      Rows kept = nms.suppress(raw.get(k).candidates());
      score(batch.get(k), kept, metrics, listener);
    }
  }

  private static void score(Prepared p, Rows kept, Metrics metrics, Listener listener) {
    double gain = (double) p.resized().height() / p.height();
    Boxes.toOriginal(kept, gain, p.pad().padX(), p.pad().padY(), p.width(), p.height());
    List<LabelledPicture.Label> labels = p.labelled().labels();
    float[] boxes = new float[4 * labels.size()];
    int[] classes = new int[labels.size()];
    for (int i = 0; i < classes.length; i++) {
      LabelledPicture.Label label = labels.get(i);
      classes[i] = label.classId();
      double x = p.resized().width() / gain;
      double y = p.resized().height() / gain;
      boxes[4 * i] = inside((label.x() - label.width() / 2) * x, p.width());
      boxes[4 * i + 1] = inside((label.y() - label.height() / 2) * y, p.height());
      boxes[4 * i + 2] = inside((label.x() + label.width() / 2) * x, p.width());
      boxes[4 * i + 3] = inside((label.y() + label.height() / 2) * y, p.height());
    }
    metrics.add(kept, boxes, classes);
    listener.found(p.labelled().file(), kept);
  }

  private static float inside(double value, int most) {
    return (float) Math.min(Math.max(value, 0), most);
  }
}
