package ai.irmb.internal.image;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.ImageException;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The size of an upright image. Immutable.
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 */
public record ImageSize(int width, int height) {
  /**
   * {@return the size that {@link RgbImage#read(Path, Limits)} would give, without decoding pixels}
   *
   * <p>A JPEG or PNG is still read to its end, since the EXIF orientation may be anywhere. So a
   * truncated file, or a PNG with a wrong checksum, is an error here too. Damaged pixel data is not
   * detected.
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
