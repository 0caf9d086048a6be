package ai.irmb.internal.image;

import ai.irmb.image.RgbImage;
import java.util.Arrays;

/**
 * OpenCV's {@code INTER_AREA} for 8 bits when no side grows, bit for bit: each output pixel is the
 * mean of the source area that it covers.
 */
final class AreaResize {
  private AreaResize() {}

  static RgbImage resize(RgbImage image, int width, int height) {
    // Two divisions, as in OpenCV; the last bit decides between the two methods below.
    double scaleX = 1.0 / ((double) width / image.width());
    double scaleY = 1.0 / ((double) height / image.height());
    int factorX = (int) Math.rint(scaleX);
    int factorY = (int) Math.rint(scaleY);
    double epsilon = Math.ulp(1.0);
    boolean isInteger =
        Math.abs(scaleX - factorX) < epsilon && Math.abs(scaleY - factorY) < epsilon;
    byte[] out = new byte[3 * width * height];
    if (isInteger) {
      averageBlocks(image, width, height, factorX, factorY, out);
    } else {
      averageAreas(image, width, height, scaleX, scaleY, out);
    }
    return RgbImageAccess.wrap(width, height, out);
  }

  private static void averageBlocks(
      RgbImage image, int width, int height, int factorX, int factorY, byte[] out) {
    byte[] pixels = RgbImageAccess.pixels(image);
    int stride = 3 * image.width();
    // OpenCV multiplies with the rounded reciprocal; a division gives other bits.
    float reciprocal = 1f / (factorX * factorY);
    boolean isTwoByTwo = factorX == 2 && factorY == 2;
    int[] sums = new int[3 * width];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, 0);
      for (int row = y * factorY; row < (y + 1) * factorY; row++) {
        int at = row * stride;
        for (int to = 0; to < 3 * width; to += 3) {
          for (int i = 0; i < factorX; i++, at += 3) {
            sums[to] += pixels[at] & 0xFF;
            sums[to + 1] += pixels[at + 1] & 0xFF;
            sums[to + 2] += pixels[at + 2] & 0xFF;
          }
        }
      }
      int to = 3 * y * width;
      for (int sum : sums) {
        // A factor of 2 x 2 rounds halves up; other factors round halves to even.
        out[to++] = (byte) (isTwoByTwo ? (sum + 2) >> 2 : (int) Math.rint(sum * reciprocal));
      }
    }
  }

  private static void averageAreas(
      RgbImage image, int width, int height, double scaleX, double scaleY, byte[] out) {
    AreaWeights columns = new AreaWeights(image.width(), width, scaleX);
    AreaWeights rows = new AreaWeights(image.height(), height, scaleY);
    float[] row = new float[3 * width];
    float[] sums = new float[3 * width];
    for (int y = 0; y < height; y++) {
      for (int entry = rows.firstEntry(y); entry < rows.firstEntry(y + 1); entry++) {
        reduceRow(image, rows.source(entry), columns, width, row);
        float weight = rows.weight(entry);
        boolean isFirst = entry == rows.firstEntry(y);
        for (int i = 0; i < row.length; i++) {
          sums[i] = isFirst ? row[i] * weight : sums[i] + row[i] * weight;
        }
      }
      int to = 3 * y * width;
      for (float sum : sums) {
        out[to++] = (byte) Math.max(0, Math.min(255, (int) Math.rint(sum)));
      }
    }
  }

  private static void reduceRow(
      RgbImage image, int sourceRow, AreaWeights columns, int width, float[] into) {
    byte[] pixels = RgbImageAccess.pixels(image);
    int start = 3 * sourceRow * image.width();
    for (int x = 0; x < width; x++) {
      float red = 0;
      float green = 0;
      float blue = 0;
      for (int entry = columns.firstEntry(x); entry < columns.firstEntry(x + 1); entry++) {
        int at = start + 3 * columns.source(entry);
        float weight = columns.weight(entry);
        red += (pixels[at] & 0xFF) * weight;
        green += (pixels[at + 1] & 0xFF) * weight;
        blue += (pixels[at + 2] & 0xFF) * weight;
      }
      into[3 * x] = red;
      into[3 * x + 1] = green;
      into[3 * x + 2] = blue;
    }
  }
}
