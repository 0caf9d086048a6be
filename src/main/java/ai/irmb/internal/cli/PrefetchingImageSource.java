package ai.irmb.internal.cli;

import ai.irmb.error.ImageException;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.engine.DaemonThreads;
import ai.irmb.internal.file.FileErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Images in the order of the inputs; the next few are decoded in the background. Not safe for
 * concurrent use.
 */
final class PrefetchingImageSource implements ImageSource {
  private record Pending(Input input, Future<LoadedImage> read) {}

  private final Deque<Input> inputs;
  private final ReadOptions options;
  private final int ahead;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final ExecutorService threads;

  /**
   * @param ahead maximum number of images decoded in advance, at least 1
   */
  PrefetchingImageSource(List<Input> inputs, ReadOptions options, int ahead) {
    this.inputs = new ArrayDeque<>(inputs);
    this.options = options;
    this.ahead = ahead;
    int max = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    this.threads =
        Executors.newFixedThreadPool(Math.min(max, ahead), new DaemonThreads("irmb-read"));
  }

  private void fill() {
    while (pending.size() < ahead && !inputs.isEmpty()) {
      Input input = inputs.remove();
      pending.add(new Pending(input, threads.submit(() -> read(input))));
    }
  }

  @Override
  public @Nullable LoadedImage next() {
    fill();
    Pending first = pending.poll();
    if (first == null) {
      return null;
    }
    try {
      LoadedImage read = first.read().get();
      if (read.failure() instanceof ImageException e && e.getCause() instanceof OutOfMemoryError) {
        // The image may fit into memory alone.
        forget();
        read = read(first.input());
      }
      return read;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while an image was read", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("an image could not be read: " + e.getCause(), e.getCause());
    }
  }

  /** Discards the images decoded in advance; they are decoded again later. */
  private void forget() throws InterruptedException, ExecutionException {
    while (!pending.isEmpty()) {
      Pending last = pending.removeLast();
      last.read().get();
      inputs.addFirst(last.input());
    }
  }

  private LoadedImage read(Input input) {
    // System.in must not be closed, but it does no harm after the only image that it contains.
    try (InputStream in =
        input.isStandardInput() ? System.in : Files.newInputStream(input.file())) {
      return new LoadedImage(input, RgbImage.read(in, input.given(), options), null);
    } catch (IOException e) {
      String why = FileErrors.reason(e);
      return new LoadedImage(input, null, new FileSystemException(input.given(), null, why));
    } catch (RuntimeException e) {
      return new LoadedImage(input, null, e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
