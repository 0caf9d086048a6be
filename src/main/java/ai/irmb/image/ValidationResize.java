package ai.irmb.image;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;

/**
 * Prepares a picture as upstream's {@code val.py} does, byte for byte: first resized so that its
 * longer side is (about) a given size, then only padded, to the shape that its batch shares.
 *
 * <p>Safe for concurrent use.
 */
public final class ValidationResize {
  private ValidationResize() {}

  /**
   * What a batch pads its pictures to.
   *
   * @param width in pixels, a multiple of the stride
   * @param height in pixels, a multiple of the stride
   */
  public record BatchShape(int width, int height) {}

  /**
   * {@return the picture with its longer side at {@code size} or a pixel less (the product is
   * truncated, as upstream 7.0 does)}
   *
   * @param picture shrunk by area, grown linearly, or returned as it is
   * @param size in pixels, at least 1
   * @throws ai.irmb.error.ImageException if the picture is so narrow that a side would vanish
   */
  public static RgbImage resize(RgbImage picture, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("size must be positive, not " + size);
    }
    double ratio = (double) size / Math.max(picture.width(), picture.height());
    if (ratio == 1) {
      return picture;
    }
    int width = (int) (picture.width() * ratio);
    int height = (int) (picture.height() * ratio);
    if (width == 0 || height == 0) {
      throw LetterboxGeometry.tooNarrow(picture.width(), picture.height(), size, size);
    }
    return ratio < 1
        ? AreaResize.resize(picture, width, height)
        : new LinearResize(picture, width, height).toPicture(width, height);
  }

  /**
   * {@return the geometry that pads a resized picture to its batch's shape}
   *
   * @param width of the resized picture
   * @param height of the resized picture
   * @param batch the shape that its batch has
   */
  public static LetterboxGeometry pad(int width, int height, BatchShape batch) {
    return LetterboxGeometry.of(width, height, batch.width(), batch.height(), false, false, 1);
  }

  /**
   * {@return the order in which rectangular batches take their pictures: by height / width, ties as
   * NumPy up to 1.26 has them}
   *
   * @param widths of the original pictures
   * @param heights of the original pictures
   */
  public static List<Integer> order(int[] widths, int[] heights) {
    requireNonNull(widths, "widths");
    double[] ratios = new double[widths.length];
    Arrays.setAll(ratios, i -> (double) heights[i] / widths[i]);
    return Arrays.stream(NumpyOrder.of(ratios)).boxed().toList();
  }

  /**
   * {@return the shape of a rectangular batch}
   *
   * @param widths of the batch's original pictures, at least one
   * @param heights of the batch's original pictures
   * @param size in pixels
   * @param stride the network's largest
   * @param padding in strides; upstream has 0.5
   */
  public static BatchShape batchShape(
      int[] widths, int[] heights, int size, int stride, double padding) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (int i = 0; i < widths.length; i++) {
      double ratio = (double) heights[i] / widths[i];
      least = Math.min(least, ratio);
      most = Math.max(most, ratio);
    }
    double height = most < 1 ? most : 1;
    double width = most >= 1 && least > 1 ? 1 / least : 1;
    return new BatchShape(
        multiple(width, size, stride, padding), multiple(height, size, stride, padding));
  }

  private static int multiple(double part, int size, int stride, double padding) {
    return (int) Math.ceil(part * size / stride + padding) * stride;
  }
}
