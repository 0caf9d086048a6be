package ai.irmb.draw;

import static java.util.Objects.requireNonNull;

import ai.irmb.Detection;
import ai.irmb.Mask;
import ai.irmb.draw.DrawOptions.ColorBy;
import ai.irmb.draw.DrawOptions.LabelPart;
import ai.irmb.image.RgbImage;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Draws masks, boxes, labels and confidences on a copy of an image.
 *
 * <p>By default each class has its own color, and line width and font size grow with the image;
 * {@link DrawOptions} changes that and hides objects for privacy. Labels stay inside the image, and
 * avoid each other and their own box as far as there is room; the most confident detection is
 * placed first. Needs neither a display nor an installed font.
 *
 * <p>Immutable and safe for concurrent use.
 */
public final class Annotator {
  private static final double FONT_FRACTION = 0.022;
  private static final double MIN_FONT = 9;
  private static final double MAX_FONT = 96;
  private static final int EDGE = 220;

  /** In pixels; smooths the steps in the sloping sides of a mask. */
  private static final double SMOOTHING = 0.75;

  private static final Color CASING = new Color(0, 0, 0, 110);

  private final DrawOptions options;
  private final LabelFont lettering;

  /** Creates an annotator with {@link DrawOptions#DEFAULTS}. */
  public Annotator() {
    this(DrawOptions.DEFAULTS);
  }

  /** Creates an annotator with these options. */
  public Annotator(DrawOptions options) {
    this(options, LabelFont.best());
  }

  Annotator(DrawOptions options, LabelFont lettering) {
    this.options = requireNonNull(options, "options");
    this.lettering = lettering;
  }

  /** {@return an annotator that draws labels without confidences} */
  public Annotator withoutConfidences() {
    Set<LabelPart> parts = EnumSet.allOf(LabelPart.class);
    parts.retainAll(options.labels());
    parts.remove(LabelPart.CONFIDENCE);
    return new Annotator(options.withLabels(parts.toArray(LabelPart[]::new)), lettering);
  }

  /**
   * {@return a copy of the image with the detections drawn on it}
   *
   * @param image not modified
   * @param detections in pixels of the image; boxes are clipped to it
   */
  public RgbImage draw(RgbImage image, Iterable<Detection> detections) {
    requireNonNull(detections, "detections");
    BufferedImage canvas = requireNonNull(image, "image").toBufferedImage();
    List<Detection> bestFirst = new ArrayList<>();
    detections.forEach(bestFirst::add);
    bestFirst.sort(Comparator.comparing((Detection d) -> -d.confidence()));
    for (Detection detection : bestFirst) {
      HiddenBox.hide(canvas, inside(detection, image).getBounds(), options.hide());
    }
    Graphics2D g = canvas.createGraphics();
    try {
      g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      double fitting = fontSize(image);
      double font = options.fontSize() > 0 ? options.fontSize() : fitting;
      double line = options.lineWidth() > 0 ? options.lineWidth() : Math.max(1.5, fitting / 5.5);
      for (int i = bestFirst.size() - 1; i >= 0; i--) {
        drawMask(g, bestFirst.get(i), line);
      }
      for (int i = bestFirst.size() - 1; i >= 0; i--) {
        drawBox(g, bestFirst.get(i), line, image);
      }
      LabelPlacer placer = new LabelPlacer(image.width(), image.height(), line);
      for (Detection detection : bestFirst) {
        drawLabel(g, detection, font, placer, image);
      }
    } finally {
      g.dispose();
    }
    return RgbImage.of(canvas);
  }

  private static double fontSize(RgbImage image) {
    double side = Math.sqrt((double) image.width() * image.height());
    return Math.max(MIN_FONT, Math.min(MAX_FONT, FONT_FRACTION * side));
  }

  private static Rectangle2D inside(Detection detection, RgbImage image) {
    double x1 = clip(detection.box().x1(), image.width());
    double y1 = clip(detection.box().y1(), image.height());
    double x2 = clip(detection.box().x2(), image.width());
    double y2 = clip(detection.box().y2(), image.height());
    return new Rectangle2D.Double(x1, y1, x2 - x1, y2 - y1);
  }

  private static double clip(float value, int max) {
    return Math.max(0, Math.min(max, value));
  }

  private void drawMask(Graphics2D g, Detection detection, double line) {
    Mask mask = detection.mask();
    if (mask == null) {
      return;
    }
    Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
    for (Mask.Polygon polygon : mask.polygons()) {
      int[] corners = polygon.simplified(SMOOTHING).toArray();
      path.moveTo(corners[0], corners[1]);
      for (int i = 2; i < corners.length; i += 2) {
        path.lineTo(corners[i], corners[i + 1]);
      }
      path.closePath();
    }
    Color color = color(detection);
    int fill = (int) Math.rint(255 * options.maskOpacity());
    g.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), fill));
    g.fill(path);
    g.setColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), EDGE));
    g.setStroke(stroke(line / 2));
    g.draw(path);
  }

  private void drawBox(Graphics2D g, Detection detection, double line, RgbImage image) {
    Rectangle2D box = inside(detection, image);
    // The line is inside the box, so that it is visible at the edge of the image.
    double inset = Math.min(line / 2, Math.min(box.getWidth(), box.getHeight()) / 2);
    Shape outline =
        new RoundRectangle2D.Double(
            box.getX() + inset,
            box.getY() + inset,
            box.getWidth() - 2 * inset,
            box.getHeight() - 2 * inset,
            2 * line,
            2 * line);
    g.setColor(CASING);
    g.setStroke(stroke(line + Math.max(1.5, line / 2)));
    g.draw(outline);
    g.setColor(color(detection));
    g.setStroke(stroke(line));
    g.draw(outline);
  }

  private static BasicStroke stroke(double width) {
    return new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }

  private void drawLabel(
      Graphics2D g, Detection detection, double font, LabelPlacer placer, RgbImage image) {
    String label = text(detection);
    if (label.isEmpty()) {
      return;
    }
    LabelFont.TextLine text = lettering.line(label, font);
    double padX = font * 0.35;
    double padY = font * 0.15;
    double width = text.width() + 2 * padX;
    double height = text.ascent() + text.descent() + 2 * padY;
    // A label that is larger than the image is shrunk to fit.
    double scale = Math.min(1, Math.min(image.width() / width, image.height() / height));
    Rectangle2D plate = placer.place(inside(detection, image), scale * width, scale * height);
    Color color = color(detection);
    g.setColor(color);
    double corner = font * 0.3 * scale;
    g.fill(
        new RoundRectangle2D.Double(
            plate.getX(), plate.getY(), plate.getWidth(), plate.getHeight(), corner, corner));
    AffineTransform move = new AffineTransform();
    move.translate(plate.getX() + scale * padX, plate.getY() + scale * (padY + text.ascent()));
    move.scale(scale, scale);
    g.setColor(ClassColors.readableOn(color));
    g.fill(move.createTransformedShape(text.outline()));
  }

  private Color color(Detection detection) {
    Integer track = detection.trackId();
    // Tracks are numbered from 1, colors from 0.
    int number =
        track != null && options.colorBy() == ColorBy.TRACK ? track - 1 : detection.classId();
    List<Integer> palette = options.palette();
    return palette.isEmpty()
        ? ClassColors.of(number)
        : new Color(palette.get(number % palette.size()));
  }

  private String text(Detection detection) {
    Set<LabelPart> parts = options.labels();
    List<String> words = new ArrayList<>();
    if (parts.contains(LabelPart.TRACK) && detection.trackId() != null) {
      words.add("#" + detection.trackId());
    }
    if (parts.contains(LabelPart.CLASS)) {
      words.add(detection.label());
    }
    if (parts.contains(LabelPart.CONFIDENCE)) {
      words.add(String.format(Locale.ROOT, "%.2f", detection.confidence()));
    }
    return String.join(" ", words);
  }
}
