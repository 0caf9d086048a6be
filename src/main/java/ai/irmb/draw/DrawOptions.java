package ai.irmb.draw;

import static java.util.Objects.requireNonNull;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Options of {@link Annotator}. Immutable.
 *
 * @param lineWidth of the boxes, in pixels, at most 1000; 0 fits the width to the image
 * @param fontSize of the labels, in pixels, at most 1000; 0 fits the size to the image
 * @param labels the parts of a label; an empty set draws no labels
 * @param colorBy the number that selects a color
 * @param palette colors as {@code 0xRRGGBB}, which repeat; an empty list is the built-in palette
 * @param hide the treatment of the pixels inside the boxes
 * @param maskOpacity of the area of a mask, from 0 to 1; at 0 only its outline is drawn
 */
public record DrawOptions(
    double lineWidth,
    double fontSize,
    Set<LabelPart> labels,
    ColorBy colorBy,
    List<Integer> palette,
    Hide hide,
    double maskOpacity) {
  private static final double MAX_SIZE = 1000;

  /** Sizes that fit the image, complete labels, one color per class, nothing hidden. */
  public static final DrawOptions DEFAULTS =
      new DrawOptions(
          0,
          0,
          EnumSet.allOf(LabelPart.class),
          ColorBy.CLASS,
          List.of(),
          Hide.NOTHING,
          100 / 255.0);

  /** A part of a label, in the order in which they are drawn. */
  public enum LabelPart {
    /** The track's number, {@code #3}; absent without a track. */
    TRACK,
    /** The class name. */
    CLASS,
    /** The confidence, with two decimals. */
    CONFIDENCE
  }

  /** The number that selects the color of a detection. */
  public enum ColorBy {
    /** The class id. */
    CLASS,
    /** The track's number, or the class id without a track. */
    TRACK
  }

  /**
   * The treatment of the pixels inside the boxes, for privacy. A box is rounded outwards to full
   * pixels and divided into square blocks. The side of a block is an eighth of the longer side of
   * the box, and at least 8 pixels. All that is left of a block is its mean color, so that a box
   * keeps at most 64 colors.
   */
  public enum Hide {
    /** The pixels stay. */
    NOTHING,
    /** Each block gets its mean color. */
    PIXELATE,
    /** The mean colors of the blocks, interpolated. Contains nothing that pixelating removes. */
    BLUR,
    /** The box becomes black. Nothing is left of its pixels. */
    FILL
  }

  /**
   * @throws IllegalArgumentException if a number is out of its range
   */
  public DrawOptions {
    checkSize("lineWidth", lineWidth);
    checkSize("fontSize", fontSize);
    labels = Set.copyOf(labels);
    requireNonNull(colorBy, "colorBy");
    palette = List.copyOf(palette);
    for (int color : palette) {
      if (color < 0 || color > 0xFFFFFF) {
        throw new IllegalArgumentException(
            "palette: expected colors from 0x000000 to 0xFFFFFF, found " + color);
      }
    }
    requireNonNull(hide, "hide");
    if (!(maskOpacity >= 0 && maskOpacity <= 1)) {
      throw new IllegalArgumentException("maskOpacity: expected 0 to 1, found " + maskOpacity);
    }
  }

  private static void checkSize(String name, double size) {
    if (!(size >= 0 && size <= MAX_SIZE)) {
      throw new IllegalArgumentException(name + ": expected 0 to 1000 pixels, found " + size);
    }
  }

  /** {@return a copy with this width of the lines, in pixels; 0 fits it to the image} */
  public DrawOptions withLineWidth(double pixels) {
    return new DrawOptions(pixels, fontSize, labels, colorBy, palette, hide, maskOpacity);
  }

  /** {@return a copy with this size of the font, in pixels; 0 fits it to the image} */
  public DrawOptions withFontSize(double pixels) {
    return new DrawOptions(lineWidth, pixels, labels, colorBy, palette, hide, maskOpacity);
  }

  /** {@return a copy with labels of these parts; without a part there are no labels} */
  public DrawOptions withLabels(LabelPart... parts) {
    return new DrawOptions(
        lineWidth, fontSize, Set.copyOf(List.of(parts)), colorBy, palette, hide, maskOpacity);
  }

  /** {@return a copy with another selection of colors} */
  public DrawOptions withColorBy(ColorBy number) {
    return new DrawOptions(lineWidth, fontSize, labels, number, palette, hide, maskOpacity);
  }

  /** {@return a copy with these colors, as {@code 0xRRGGBB}; none selects the built-in palette} */
  public DrawOptions withPalette(List<Integer> colors) {
    return new DrawOptions(lineWidth, fontSize, labels, colorBy, colors, hide, maskOpacity);
  }

  /** {@return a copy that hides the pixels inside the boxes in this way} */
  public DrawOptions withHide(Hide way) {
    return new DrawOptions(lineWidth, fontSize, labels, colorBy, palette, way, maskOpacity);
  }

  /** {@return a copy with this opacity of masks, from 0 to 1} */
  public DrawOptions withMaskOpacity(double opacity) {
    return new DrawOptions(lineWidth, fontSize, labels, colorBy, palette, hide, opacity);
  }
}
