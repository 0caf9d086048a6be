package ai.irmb.internal.image;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.geometry.LetterboxGeometry;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Letterboxes an image: resized with its aspect ratio and centered on gray padding, byte for byte
 * as Ultralytics YOLOv5 (<em>upstream</em>) does with OpenCV.
 *
 * <p>Besides the output it needs memory for a few rows. Safe for concurrent use.
 */
public final class Letterbox {
  /** The value of the padding, in each channel. */
  public static final int PADDING = 114;

  private Letterbox() {}

  /**
   * Writes one letterboxed image.
   *
   * @param image of the geometry's source size
   * @param geometry from {@link LetterboxGeometry#of}
   * @param out receives {@link LetterboxGeometry#bytes()} bytes, (height, width, 3), R G B, each 0
   *     to 255; its position and limit are neither used nor changed
   * @param offset index of the first byte to write; not 0 for the second image of a batch
   * @throws IllegalArgumentException if the image is not of the source size, or the buffer is
   *     read-only or too small
   */
  public static void apply(RgbImage image, LetterboxGeometry geometry, ByteBuffer out, int offset) {
    if (image.width() != geometry.sourceWidth() || image.height() != geometry.sourceHeight()) {
      throw new IllegalArgumentException("the geometry is for another image than one of " + image);
    }
    ByteBuffer target = out.duplicate().clear();
    if (out.isReadOnly() || offset < 0 || offset > target.capacity() - geometry.bytes()) {
      throw new IllegalArgumentException(
          "a buffer of "
              + target.capacity()
              + " bytes cannot take "
              + geometry.bytes()
              + " from "
              + offset
              + " on");
    }
    boolean keepsSize =
        geometry.resizedWidth() == image.width() && geometry.resizedHeight() == image.height();
    RowSource rows =
        keepsSize
            ? RowSource.of(image)
            : new LinearResize(image, geometry.resizedWidth(), geometry.resizedHeight());
    draw(rows, geometry, target, offset);
  }

  /** {@return the letterboxed image} */
  static RgbImage apply(RgbImage image, LetterboxGeometry geometry) {
    byte[] pixels = new byte[geometry.bytes()];
    apply(image, geometry, ByteBuffer.wrap(pixels), 0);
    return RgbImageAccess.wrap(geometry.width(), geometry.height(), pixels);
  }

  private static void draw(RowSource rows, LetterboxGeometry g, ByteBuffer out, int offset) {
    int width = g.width();
    byte[] gray = new byte[3 * width];
    Arrays.fill(gray, (byte) PADDING);
    byte[] row = gray.clone();
    for (int y = 0; y < g.height(); y++) {
      int inner = y - g.top();
      boolean isInside = inner >= 0 && inner < g.resizedHeight();
      if (isInside) {
        rows.readRow(inner, row, 3 * g.left());
      }
      out.put(offset + 3 * y * width, isInside ? row : gray, 0, 3 * width);
    }
  }
}
