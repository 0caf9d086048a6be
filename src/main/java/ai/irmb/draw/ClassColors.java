package ai.irmb.draw;

import java.awt.Color;

/**
 * The color of each class: first the palette of Okabe and Ito, which people with any color vision
 * can distinguish, then hues that are far from the ones before.
 */
final class ClassColors {
  private static final int[] FIRST = {
    0x56B4E9, 0xE69F00, 0x00B080, 0xCC79A7, 0xF0E442, 0x0072B2, 0xD55E00
  };

  /**
   * The golden ratio conjugate: as a step on the color circle it keeps each new hue far from the
   * others.
   */
  private static final float GOLDEN = 0.618034f;

  private ClassColors() {}

  static Color of(int classId) {
    if (classId < FIRST.length) {
      return new Color(FIRST[classId]);
    }
    int i = classId - FIRST.length;
    float[] brightness = {0.95f, 0.65f, 0.8f};
    float[] saturation = {0.55f, 0.85f, 0.7f};
    return Color.getHSBColor(i * GOLDEN % 1, saturation[i % 3], brightness[i % 3]);
  }

  /** {@return black or white, whichever contrasts more, by WCAG's relative luminance} */
  static Color readableOn(Color plate) {
    double luminance =
        0.2126 * linear(plate.getRed())
            + 0.7152 * linear(plate.getGreen())
            + 0.0722 * linear(plate.getBlue());
    double withWhite = 1.05 / (luminance + 0.05);
    double withBlack = (luminance + 0.05) / 0.05;
    return withWhite > withBlack ? Color.WHITE : Color.BLACK;
  }

  private static double linear(int value) {
    double v = value / 255.0;
    return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
  }
}
