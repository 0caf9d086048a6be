package ai.irmb.internal.cli;

import ai.irmb.Detections;
import ai.irmb.Detector;
import ai.irmb.error.IrmbException;
import ai.irmb.image.RgbImage;
import ai.irmb.track.Tracker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes images through the detector to the outputs, in batches. A failure of one image does not
 * stop the others. Not safe for concurrent use.
 */
final class DetectionLoop {
  /** A callback after each image. */
  interface Watcher {
    /**
     * {@return whether to continue}
     *
     * @param done number of processed images, this one included
     */
    boolean shouldContinue(int done);
  }

  private final Detector detector;
  private final int batch;
  private final BiConsumer<String, Exception> failures;

  /**
   * @param batch images per forward pass
   * @param failures receives the name of an image and its failure
   */
  DetectionLoop(Detector detector, int batch, BiConsumer<String, Exception> failures) {
    this.detector = detector;
    this.batch = batch;
    this.failures = failures;
  }

  /**
   * Processes all images, or until the watcher stops.
   *
   * @param tracker follows objects from image to image, or null
   */
  void run(ImageSource reads, List<Output> outputs, @Nullable Tracker tracker, Watcher watcher) {
    int done = 0;
    while (true) {
      List<ImageSource.LoadedImage> some = new ArrayList<>();
      ImageSource.LoadedImage read = reads.next();
      while (read != null) {
        some.add(read);
        read = some.size() < batch ? reads.next() : null;
      }
      if (some.isEmpty()) {
        return;
      }
      List<RgbImage> images = new ArrayList<>();
      some.stream()
          .map(ImageSource.LoadedImage::image)
          .filter(Objects::nonNull)
          .forEach(images::add);
      Iterator<Detections> together = together(images).iterator();
      for (ImageSource.LoadedImage each : some) {
        finish(each, together, outputs, tracker);
        done++;
        if (!watcher.shouldContinue(done)) {
          return;
        }
      }
    }
  }

  private void finish(
      ImageSource.LoadedImage read,
      Iterator<Detections> together,
      List<Output> outputs,
      @Nullable Tracker tracker) {
    try {
      RgbImage image = read.imageOrThrow();
      Detections all = together.hasNext() ? together.next() : detector.detect(image);
      Detections found = tracker == null ? all : tracker.update(all);
      for (Output output : outputs) {
        output.add(read.input(), image, found);
      }
    } catch (IrmbException | IOException | IllegalArgumentException e) {
      failures.accept(read.input().given(), e);
    }
  }

  /** {@return the detections of all images, or none if one fails, so that each must run alone} */
  private List<Detections> together(List<RgbImage> images) {
    if (images.size() < 2) {
      return List.of();
    }
    try {
      return detector.detectAll(images);
    } catch (IrmbException e) {
      return List.of();
    }
  }
}
