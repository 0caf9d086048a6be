package ai.irmb.format;

import ai.irmb.Detections;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes the detections of many images, one after the other, and does not keep them.
 *
 * <pre>{@code
 * try (DetectionWriter writer = TextFormat.CSV.create(Path.of("found.csv"))) {
 *   for (Path image : images) {
 *     writer.add(image, detector.detect(image));
 *   }
 *   writer.finish();
 * }
 * }</pre>
 *
 * <p>Not safe for concurrent use.
 */
public interface DetectionWriter extends AutoCloseable {
  /**
   * Adds the detections of the next image.
   *
   * @throws IOException if the file system fails
   * @throws IllegalArgumentException if a box is infinite
   */
  void add(ImageEntry image, Detections detections) throws IOException;

  /** Adds the detections of an image file; see {@link #add(ImageEntry, Detections)}. */
  default void add(Path image, Detections detections) throws IOException {
    add(ImageEntry.of(image), detections);
  }

  /**
   * Completes the output after the last image; only then its file exists under its name.
   *
   * @throws IOException if the file system fails
   */
  void finish() throws IOException;

  /** Removes the output's file unless it was finished. */
  @Override
  void close() throws IOException;
}
