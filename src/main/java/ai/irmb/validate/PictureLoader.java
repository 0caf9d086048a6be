package ai.irmb.validate;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.DataSetException;
import ai.irmb.error.ImageException;
import ai.irmb.error.InferenceException;
import ai.irmb.error.IrmbException;
import ai.irmb.execution.DaemonThreads;
import ai.irmb.image.LetterboxGeometry;
import ai.irmb.image.PictureSize;
import ai.irmb.image.RgbImage;
import ai.irmb.image.ValidationResize;
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
            new DaemonThreads("irmb-pictures"));
  }

  /**
   * What became of a picture.
   *
   * @param value what was asked for, or null
   * @param problem why it is not there, or the empty text
   */
  record Outcome<V>(LabelledPicture picture, @Nullable V value, String problem) {
    /** {@return what was asked for, where it is known to be there} */
    V needed() {
      return requireNonNull(value, problem);
    }
  }

  /** A picture that is about to run. */
  record Prepared(RgbImage resized, int width, int height, LetterboxGeometry pad) {}

  /** {@return the size of each picture; its pixels are not looked at yet} */
  List<Outcome<PictureSize>> sizes(List<LabelledPicture> pictures) {
    List<Future<Outcome<PictureSize>>> all = new ArrayList<>();
    for (LabelledPicture picture : pictures) {
      all.add(begin(picture, () -> size(picture.file())));
    }
    return await(all);
  }

  private PictureSize size(Path file) throws IOException {
    PictureSize found = PictureSize.read(file, limits);
    int shorter = Math.min(found.width(), found.height());
    double ratio = (double) size / Math.max(found.width(), found.height());
    if (shorter < LEAST_SIDE || (int) (shorter * ratio) == 0) {
      throw new ImageException(found.width() + " x " + found.height() + " pixels are too few");
    }
    return found;
  }

  /** Begins to prepare a batch; {@link #await} gives it. */
  List<Future<Outcome<Prepared>>> begin(
      List<LabelledPicture> batch, ValidationResize.BatchShape shape) {
    List<Future<Outcome<Prepared>>> all = new ArrayList<>();
    for (LabelledPicture picture : batch) {
      all.add(begin(picture, () -> prepare(picture.file(), shape)));
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

  private <V> Future<Outcome<V>> begin(LabelledPicture picture, Callable<V> work) {
    return executor.submit(
        () -> {
          try {
            return new Outcome<V>(picture, work.call(), "");
          } catch (ImageException | IOException e) {
            return new Outcome<V>(picture, null, sentence(picture.file(), e));
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
