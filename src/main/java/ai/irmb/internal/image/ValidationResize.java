package ai.irmb.internal.image;

import static java.util.Objects.requireNonNull;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.geometry.LetterboxGeometry;
import java.util.Arrays;
import java.util.List;

/**
 * The image preparation of {@code val.py} of Ultralytics YOLOv5 (<em>upstream</em>), byte for byte:
 * an image is resized so that its longer side is (about) a given size, then padded to the shape of
 * its batch.
 *
 * <p>Safe for concurrent use.
 */
public final class ValidationResize {
  private ValidationResize() {}

  /**
   * The shape that a batch pads its images to.
   *
   * @param width in pixels, a multiple of the stride
   * @param height in pixels, a multiple of the stride
   */
  public record BatchShape(int width, int height) {}

  /**
   * {@return the image with its longer side at {@code size} or one pixel less, since upstream 7.0
   * truncates the product}
   *
   * @param image shrunk with {@code INTER_AREA}, enlarged with {@code INTER_LINEAR}, or returned as
   *     it is
   * @param size in pixels, at least 1
   * @throws ai.irmb.error.ImageException if the image is so narrow that a resized side would be 0
   */
  public static RgbImage resize(RgbImage image, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("size must be positive, not " + size);
    }
    double ratio = (double) size / Math.max(image.width(), image.height());
    if (ratio == 1) {
      return image;
    }
    int width = (int) (image.width() * ratio);
    int height = (int) (image.height() * ratio);
    if (width == 0 || height == 0) {
      throw LetterboxGeometry.tooNarrow(image.width(), image.height(), size, size);
    }
    return ratio < 1
        ? AreaResize.resize(image, width, height)
        : new LinearResize(image, width, height).toImage(width, height);
  }

  /**
   * {@return the geometry that pads a resized image to its batch's shape}
   *
   * @param width of the resized image
   * @param height of the resized image
   * @param batch the shape of its batch
   */
  public static LetterboxGeometry pad(int width, int height, BatchShape batch) {
    return LetterboxGeometry.of(width, height, batch.width(), batch.height(), false, false, 1);
  }

  /**
   * {@return the indices of the images in the order of rectangular batches: by height / width, ties
   * as in NumPy up to 1.26}
   *
   * @param widths of the original images
   * @param heights of the original images
   */
  public static List<Integer> order(int[] widths, int[] heights) {
    requireNonNull(widths, "widths");
    double[] ratios = new double[widths.length];
    Arrays.setAll(ratios, i -> (double) heights[i] / widths[i]);
    return Arrays.stream(NumpyArgsort.of(ratios)).boxed().toList();
  }

  /**
   * {@return the shape of a rectangular batch}
   *
   * @param widths of the batch's original images, at least one
   * @param heights of the batch's original images
   * @param size in pixels
   * @param stride the largest stride of the network
   * @param padding in strides; 0.5 in upstream
   */
  public static BatchShape batchShape(
      int[] widths, int[] heights, int size, int stride, double padding) {
    double minRatio = Double.POSITIVE_INFINITY;
    double maxRatio = 0;
    for (int i = 0; i < widths.length; i++) {
      double ratio = (double) heights[i] / widths[i];
      minRatio = Math.min(minRatio, ratio);
      maxRatio = Math.max(maxRatio, ratio);
    }
    double height = maxRatio < 1 ? maxRatio : 1;
    double width = maxRatio >= 1 && minRatio > 1 ? 1 / minRatio : 1;
    return new BatchShape(
        multiple(width, size, stride, padding), multiple(height, size, stride, padding));
  }

  private static int multiple(double part, int size, int stride, double padding) {
    return (int) Math.ceil(part * size / stride + padding) * stride;
  }
}
