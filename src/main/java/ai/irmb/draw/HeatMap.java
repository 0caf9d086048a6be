package ai.irmb.draw;

import static java.util.Objects.requireNonNull;

import ai.irmb.AttentionMap;
import ai.irmb.image.RgbImage;
import java.util.Arrays;

/**
 * Draws attention over a copy of an image: the image in gray, and attention in colors from dark
 * violet over red to bright yellow. More attention is brighter and less transparent.
 *
 * <p>Immutable and safe for concurrent use.
 */
public final class HeatMap {
  /** From low to high; the lightness rises evenly, so that it can be read without colors too. */
  private static final int[] RAMP = {
    0x000004, 0x1B0C41, 0x4A0C6B, 0x781C6D, 0xA52C60, 0xCF4446, 0xED6925, 0xFB9B06, 0xF7D13D,
    0xFCFFA4
  };

  /** Clips a few extreme values, which leaves more of the color ramp to the others. */
  private static final double BEYOND = 0.01;

  private static final double MIN_OPACITY = 0.35;
  private static final double MAX_OPACITY = 0.75;

  /** Creates a heat map renderer. */
  public HeatMap() {}

  /**
   * {@return a copy of the image with the attention over it}
   *
   * @param image the image of the map; not modified
   * @throws IllegalArgumentException if the map belongs to an image of another size
   */
  public RgbImage draw(RgbImage image, AttentionMap map) {
    int width = requireNonNull(image, "image").width();
    int height = image.height();
    if (width != map.imageWidth() || height != map.imageHeight()) {
      throw new IllegalArgumentException(
          "this map is of an image of "
              + map.imageWidth()
              + " x "
              + map.imageHeight()
              + ", not of "
              + image);
    }
    float[] values = new float[map.width() * map.height()];
    for (int i = 0; i < values.length; i++) {
      values[i] = map.value(i / map.width(), i % map.width());
    }
    Arrays.sort(values);
    int cut = (int) (BEYOND * (values.length - 1));
    double low = values[cut];
    double range = Math.max(values[values.length - 1 - cut] - low, Float.MIN_NORMAL);
    byte[] pixels = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double heat = (map.at(x + 0.5, y + 0.5) - low) / range;
        blend(image.rgb(x, y), Math.max(0, Math.min(heat, 1)), pixels, 3 * (y * width + x));
      }
    }
    return RgbImage.of(width, height, pixels);
  }

  private static void blend(int rgb, double heat, byte[] pixels, int at) {
    double gray = 0.299 * (rgb >> 16) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF);
    double opacity = MIN_OPACITY + (MAX_OPACITY - MIN_OPACITY) * heat;
    double along = heat * (RAMP.length - 1);
    int from = Math.min((int) along, RAMP.length - 2);
    for (int shift = 16, i = 0; shift >= 0; shift -= 8, i++) {
      int low = RAMP[from] >> shift & 0xFF;
      int high = RAMP[from + 1] >> shift & 0xFF;
      double color = low + (high - low) * (along - from);
      pixels[at + i] = (byte) Math.round(gray + (color - gray) * opacity);
    }
  }
}
