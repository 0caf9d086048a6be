package ai.irmb.internal.image;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.ImageException;
import ai.irmb.image.ReadOptions;
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
   * {@return the size that {@link RgbImage#read(Path)} would give}
   *
   * <p>Pixels are not decoded, so damaged ones are not detected. A JPEG or PNG is still read to its
   * end, since the EXIF orientation may be anywhere. If the end is missing, the image is decoded,
   * since only this tells whether pixels are missing too.
   *
   * @param file a JPEG, PNG, BMP or GIF, whatever its name says
   * @param limits bounds on the size in pixels and on the scans of a JPEG
   * @throws IOException if the file system fails
   * @throws ImageException if the content is no such image, damaged, or beyond the limits
   */
  public static ImageSize read(Path file, Limits limits) throws IOException {
    requireNonNull(limits, "limits");
    try (InputStream in = ImageFiles.open(file)) {
      ByteSource source = new ByteSource(file.toString(), in);
      try {
        return ImageFormat.size(source, limits);
      } catch (ImageException e) {
        if (!source.isExhausted()) {
          throw e;
        }
      }
    }
    RgbImage image = RgbImage.read(file, ReadOptions.DEFAULTS.withLimits(limits));
    return new ImageSize(image.width(), image.height());
  }
}
