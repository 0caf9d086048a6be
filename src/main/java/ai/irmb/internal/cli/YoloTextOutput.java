package ai.irmb.internal.cli;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.Mask;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.file.FileNames;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Writes a file of YOLO labels per image with detections: the class, then the center and size of
 * the box or, for a mask, the corners of its largest polygon, relative to the image's sides. As
 * upstream does, boxes are rounded to integer pixels and the least confident comes first. An empty
 * mask has no label.
 */
final class YoloTextOutput implements Output {
  /** Tolerance in pixels: smooths the steps of a mask's slanted edges. */
  static final double SMOOTHING = 0.75;

  private static final int DIGITS = 6;

  private final Path folder;
  private final boolean withConfidence;

  YoloTextOutput(Path folder, boolean withConfidence) {
    this.folder = folder;
    this.withConfidence = withConfidence;
  }

  @Override
  public void add(Input input, RgbImage image, Detections found) throws IOException {
    StringBuilder text = new StringBuilder();
    Detections all = found;
    for (int i = all.size() - 1; i >= 0; i--) {
      append(text, all, all.get(i));
    }
    if (!found.isEmpty()) {
      AtomicTextFile.write(FileNames.in(folder, input.name() + ".txt"), text.toString());
    }
  }

  private void append(StringBuilder text, Detections found, Detection d) {
    Mask mask = d.mask();
    List<Mask.Polygon> polygons = mask == null ? List.of() : mask.polygons();
    if (mask != null && polygons.isEmpty()) {
      return;
    }
    text.append(d.classId());
    if (polygons.isEmpty()) {
      box(text, d.box(), found);
    } else {
      Mask.Polygon outline = polygons.get(0).simplified(SMOOTHING);
      for (int i = 0; i < outline.size(); i++) {
        number(text, (float) outline.x(i) / found.width());
        number(text, (float) outline.y(i) / found.height());
      }
    }
    if (withConfidence) {
      number(text, d.confidence());
    }
    text.append(System.lineSeparator());
  }

  /** Computed in single precision, as upstream does. */
  private static void box(StringBuilder text, Box box, Detections found) {
    float x1 = (float) Math.rint(box.x1());
    float y1 = (float) Math.rint(box.y1());
    float x2 = (float) Math.rint(box.x2());
    float y2 = (float) Math.rint(box.y2());
    number(text, (x1 + x2) / 2 / found.width());
    number(text, (y1 + y2) / 2 / found.height());
    number(text, (x2 - x1) / found.width());
    number(text, (y2 - y1) / found.height());
  }

  private static void number(StringBuilder text, float value) {
    text.append(' ').append(general(value));
  }

  /** {@return a number as C's {@code %g} writes it} */
  static String general(double value) {
    BigDecimal exact = new BigDecimal(value);
    if (exact.signum() == 0) {
      return "0";
    }
    BigDecimal rounded = exact.round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < DIGITS) {
      return rounded.stripTrailingZeros().toPlainString();
    }
    String mantissa = rounded.movePointLeft(exponent).stripTrailingZeros().toPlainString();
    return String.format(
        Locale.ROOT, "%se%s%02d", mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
