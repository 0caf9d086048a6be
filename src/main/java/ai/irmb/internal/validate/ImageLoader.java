package ai.irmb.internal.validate;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.DatasetException;
import ai.irmb.error.ImageException;
import ai.irmb.error.InferenceException;
import ai.irmb.error.IrmbException;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.engine.DaemonThreads;
import ai.irmb.internal.geometry.LetterboxGeometry;
import ai.irmb.internal.image.ImageSize;
import ai.irmb.internal.image.ValidationResize;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads and resizes images on threads of its own, so that the next batch is prepared while the
 * network processes the current one. Not safe for concurrent use.
 */
final class ImageLoader implements AutoCloseable {
  /** YOLOv5 leaves out an image with a shorter side. */
  private static final int MIN_SIDE = 10;

  private static final int MAX_THREADS = 4;

  private final Limits limits;
  private final int size;
  private final ExecutorService executor;

  /**
   * @param size the longer side of the resized images
   */
  ImageLoader(Limits limits, int size) {
    this.limits = limits;
    this.size = size;
    this.executor =
        Executors.newFixedThreadPool(
            Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS),
            new DaemonThreads("irmb-images"));
  }

  /**
   * The value computed for an image, or the reason why there is none.
   *
   * @param value null after an error
   * @param error a sentence that names the file, or an empty string
   */
  record Outcome<V>(LabeledImage image, @Nullable V value, String error) {
    /** {@return the value of an outcome without an error} */
    V orElseThrow() {
      return requireNonNull(value, error);
    }
  }

  /** A resized image, the original size, and the padding to the shape of its batch. */
  record Prepared(RgbImage resized, int width, int height, LetterboxGeometry pad) {}

  /** {@return the size of each image, from its header} */
  List<Outcome<ImageSize>> sizes(List<LabeledImage> images) {
    List<Future<Outcome<ImageSize>>> tasks = new ArrayList<>();
    for (LabeledImage image : images) {
      tasks.add(submit(image, () -> size(image.file())));
    }
    return await(tasks);
  }

  private ImageSize size(Path file) throws IOException {
    ImageSize read = ImageSize.read(file, limits);
    int shorter = Math.min(read.width(), read.height());
    double ratio = (double) size / Math.max(read.width(), read.height());
    if (shorter < MIN_SIDE || (int) (shorter * ratio) == 0) {
      throw new ImageException(read.width() + " x " + read.height() + " pixels are too few");
    }
    return read;
  }

  /** Starts preparing a batch; {@link #await} returns it. */
  List<Future<Outcome<Prepared>>> submit(
      List<LabeledImage> batch, ValidationResize.BatchShape shape) {
    List<Future<Outcome<Prepared>>> tasks = new ArrayList<>();
    for (LabeledImage image : batch) {
      tasks.add(submit(image, () -> prepare(image.file(), shape)));
    }
    return tasks;
  }

  private Prepared prepare(Path file, ValidationResize.BatchShape shape) throws IOException {
    RgbImage image = RgbImage.read(file, ReadOptions.DEFAULTS.withLimits(limits));
    RgbImage resized = ValidationResize.resize(image, size);
    return new Prepared(
        resized,
        image.width(),
        image.height(),
        ValidationResize.pad(resized.width(), resized.height(), shape));
  }

  private <V> Future<Outcome<V>> submit(LabeledImage image, Callable<V> work) {
    return executor.submit(
        () -> {
          try {
            return new Outcome<V>(image, work.call(), "");
          } catch (ImageException | IOException e) {
            return new Outcome<V>(image, null, message(image.file(), e));
          }
        });
  }

  private static String message(Path file, Exception e) {
    if (e instanceof NoSuchFileException) {
      return file + ": there is no such file";
    }
    String message = String.valueOf(e.getMessage());
    return message.contains(file.toString()) ? message : file + ": " + message;
  }

  /**
   * {@return the results of submitted tasks, in order}
   *
   * @throws IrmbException the first failure
   */
  static <V> List<V> await(List<Future<V>> tasks) {
    List<V> results = new ArrayList<>();
    try {
      for (Future<V> task : tasks) {
        results.add(task.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceException("interrupted while images were read", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IrmbException known) {
        throw known;
      }
      throw new DatasetException("reading images failed: " + e.getCause(), e.getCause());
    }
  }

  /** Cancels the submitted tasks and stops the threads. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
