package ai.irmb.validate;

import ai.irmb.error.DataSetException;
import ai.irmb.error.ImageException;
import ai.irmb.error.InferenceException;
import ai.irmb.error.IrmbException;
import ai.irmb.image.LetterboxGeometry;
import ai.irmb.image.RgbImage;
import ai.irmb.image.ValidationResize;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads and resizes pictures on threads of its own, so that the next batch is there when the
 * network has done the last. Not safe for concurrent use.
 */
final class PictureLoader implements AutoCloseable {
  /** What upstream refuses below. */
  private static final int LEAST_SIDE = 10;

  private static final int MOST_THREADS = 4;

  private final Limits limits;
  private final int size;
  private final ExecutorService executor;

  /**
   * @param size the longer side of what comes out
   */
  PictureLoader(Limits limits, int size) {
    this.limits = limits;
    this.size = size;
    this.executor =
        Executors.newFixedThreadPool(
            Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS),
            task -> {
              Thread thread = new Thread(task, "irmb-pictures");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * What a picture turned out to be.
   *
   * @param width in pixels, upright; 0 if it is of no use
   * @param height likewise
   * @param problem why it is of no use, or null
   */
  record Checked(int width, int height, @Nullable String problem) {}

  /** A picture that is about to run. */
  record Prepared(
      LabelledPicture labelled, RgbImage resized, int width, int height, LetterboxGeometry pad) {}

  /**
   * {@return for each picture whether it can be used; each is read whole, since it may be damaged}
   */
  List<Checked> check(List<LabelledPicture> pictures) {
    List<Future<Checked>> all = new ArrayList<>();
    for (LabelledPicture picture : pictures) {
      all.add(executor.submit(() -> check(picture)));
    }
    return await(all);
  }

  private Checked check(LabelledPicture picture) {
    try {
      RgbImage image = RgbImage.read(picture.file(), limits);
      int width = image.width();
      int height = image.height();
      double ratio = (double) size / Math.max(width, height);
      if (Math.min(width, height) < LEAST_SIDE || (int) (Math.min(width, height) * ratio) == 0) {
        String sides = picture.file() + ": " + width + " x " + height + " pixels are too few";
        return new Checked(0, 0, sides);
      }
      return new Checked(width, height, null);
    } catch (ImageException | IOException e) {
      String message = String.valueOf(e.getMessage());
      String file = picture.file().toString();
      return new Checked(0, 0, message.contains(file) ? message : file + ": " + message);
    }
  }

  /** Begins to prepare a batch; {@link #await} gives it. */
  List<Future<Prepared>> begin(List<LabelledPicture> batch, ValidationResize.BatchShape shape) {
    List<Future<Prepared>> all = new ArrayList<>();
    for (LabelledPicture labelled : batch) {
      all.add(executor.submit(() -> prepare(labelled, shape)));
    }
    return all;
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

  /**
   * {@return what was begun}
   *
   * @throws IrmbException what went wrong with the first that failed
   */
  static <V> List<V> await(List<Future<V>> all) {
    List<V> done = new ArrayList<>();
    try {
      for (Future<V> each : all) {
        done.add(each.get());
      }
      return done;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceException("interrupted while pictures were read", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IrmbException known) {
        throw known;
      }
      throw new DataSetException("reading pictures failed: " + e.getCause(), e.getCause());
    }
  }

  /** Drops what was begun and ends the threads. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
