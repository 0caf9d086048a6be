package ai.irmb.internal.validate;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.DatasetException;
import ai.irmb.error.ImageException;
import ai.irmb.error.InferenceException;
import ai.irmb.error.IrmbException;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.engine.DaemonThreads;
import ai.irmb.internal.image.ImageSize;
import ai.irmb.internal.image.LetterboxGeometry;
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
 * Reads and resizes images on threads of its own, so that the next batch is there when the network
 * has done the last. Not safe for concurrent use.
 */
final class ImageLoader implements AutoCloseable {
  /** What upstream refuses below. */
  private static final int LEAST_SIDE = 10;

  private static final int MOST_THREADS = 4;

  private final Limits limits;
  private final int size;
  private final ExecutorService executor;

  /**
   * @param size the longer side of what comes out
   */
  ImageLoader(Limits limits, int size) {
    this.limits = limits;
    this.size = size;
    this.executor =
        Executors.newFixedThreadPool(
            Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS),
            new DaemonThreads("irmb-images"));
  }

  /**
   * What became of an image.
   *
   * @param value what was asked for, or null
   * @param problem why it is not there, or the empty text
   */
  record Outcome<V>(LabeledImage image, @Nullable V value, String problem) {
    /** {@return what was asked for, where it is known to be there} */
    V needed() {
      return requireNonNull(value, problem);
    }
  }

  /** An image that is about to run. */
  record Prepared(RgbImage resized, int width, int height, LetterboxGeometry pad) {}

  /** {@return the size of each image; its pixels are not looked at yet} */
  List<Outcome<ImageSize>> sizes(List<LabeledImage> images) {
    List<Future<Outcome<ImageSize>>> all = new ArrayList<>();
    for (LabeledImage image : images) {
      all.add(begin(image, () -> size(image.file())));
    }
    return await(all);
  }

  private ImageSize size(Path file) throws IOException {
    ImageSize found = ImageSize.read(file, limits);
    int shorter = Math.min(found.width(), found.height());
    double ratio = (double) size / Math.max(found.width(), found.height());
    if (shorter < LEAST_SIDE || (int) (shorter * ratio) == 0) {
      throw new ImageException(found.width() + " x " + found.height() + " pixels are too few");
    }
    return found;
  }

  /** Begins to prepare a batch; {@link #await} gives it. */
  List<Future<Outcome<Prepared>>> begin(
      List<LabeledImage> batch, ValidationResize.BatchShape shape) {
    List<Future<Outcome<Prepared>>> all = new ArrayList<>();
    for (LabeledImage image : batch) {
      all.add(begin(image, () -> prepare(image.file(), shape)));
    }
    return all;
  }

  private Prepared prepare(Path file, ValidationResize.BatchShape shape) throws IOException {
    RgbImage image = RgbImage.read(file, limits);
    RgbImage resized = ValidationResize.resize(image, size);
    return new Prepared(
        resized,
        image.width(),
        image.height(),
        ValidationResize.pad(resized.width(), resized.height(), shape));
  }

  private <V> Future<Outcome<V>> begin(LabeledImage image, Callable<V> work) {
    return executor.submit(
        () -> {
          try {
            return new Outcome<V>(image, work.call(), "");
          } catch (ImageException | IOException e) {
            return new Outcome<V>(image, null, sentence(image.file(), e));
          }
        });
  }

  private static String sentence(Path file, Exception e) {
    if (e instanceof NoSuchFileException) {
      return file + ": there is no such file";
    }
    String message = String.valueOf(e.getMessage());
    return message.contains(file.toString()) ? message : file + ": " + message;
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
      throw new InferenceException("interrupted while images were read", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IrmbException known) {
        throw known;
      }
      throw new DatasetException("reading images failed: " + e.getCause(), e.getCause());
    }
  }

  /** Drops what was begun and ends the threads. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
