package ai.irmb.internal.image;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * How large an image is when it is upright. Immutable.
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 */
public record ImageSize(int width, int height) {
  /**
   * {@return the size that {@link RgbImage#read(Path, Limits)} would give, without decoding pixels}
   *
   * <p>A JPEG or PNG is read to its end all the same, since what turns it may stand anywhere: one
   * that is cut off, or a PNG whose checksums are wrong, is an error here too. Damage within the
   * pixels is not seen.
   *
   * @param file a JPEG, PNG, BMP or GIF, whatever its name says
   * @param limits bounds on the size in pixels and on the scans of a JPEG
   * @throws IOException if the file system fails
   * @throws ImageException if the content is no such image, damaged, or beyond the limits
   */
  public static ImageSize read(Path file, Limits limits) throws IOException {
    requireNonNull(limits, "limits");
    try (InputStream in = ImageFiles.open(file)) {
      return ImageFormat.size(new ByteSource(file.toString(), in), limits);
    }
  }
}
