package ai.irmb.draw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Mask;
import ai.irmb.image.RgbImage;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class AnnotatorTest {
  private static final RgbImage GRAY = gray(200, 120);

  private static RgbImage gray(int width, int height) {
    byte[] pixels = new byte[3 * width * height];
    Arrays.fill(pixels, (byte) 0x80);
    return RgbImage.of(width, height, pixels);
  }

  private static Detection at(int classId, float x1, float y1, float x2, float y2) {
    return new Detection(classId, "cell", 0.5f, new Box(x1, y1, x2, y2));
  }

  @Test
  void drawsInTheClassColorAndLeavesTheRest() {
    RgbImage drawn = new Annotator().draw(GRAY, List.of(at(1, 40, 40, 120, 100)));
    assertEquals(ClassColors.of(1).getRGB() & 0xFFFFFF, drawn.rgb(40, 70));
    assertEquals(0x808080, drawn.rgb(80, 70));
    assertEquals(0x808080, drawn.rgb(180, 110));
    assertEquals(0x808080, GRAY.rgb(40, 70));
  }

  @Test
  void tintsTheMaskAndNothingElse() {
    int[] counts = new int[3 + 2 * 30];
    counts[0] = 60 * 120 + 50;
    for (int i = 1; i < counts.length; i += 2) {
      counts[i] = 40;
      counts[i + 1] = 80;
    }
    counts[60] = 200 * 120 - 89 * 120 - 90;
    Mask mask = Mask.of(200, 120, Arrays.copyOf(counts, 61));
    Detection masked = new Detection(1, "cell", 0.5f, new Box(50, 40, 100, 100), mask);
    RgbImage drawn = new Annotator().draw(GRAY, List.of(masked));
    int inside = drawn.rgb(75, 70);
    Color color = ClassColors.of(1);
    assertTrue((inside >> 16) > 0x80 && (inside >> 16) < color.getRed(), () -> "not tinted");
    assertEquals(0x808080, drawn.rgb(56, 70));
    assertEquals(0x808080, drawn.rgb(75, 45));
  }

  @Test
  void drawsWithoutAnyFont() {
    RgbImage dots =
        new Annotator(DrawOptions.DEFAULTS, new BitmapFont())
            .draw(GRAY, List.of(at(1, 40, 40, 120, 100)));
    RgbImage font = new Annotator().draw(GRAY, List.of(at(1, 40, 40, 120, 100)));
    assertEquals(font.rgb(40, 70), dots.rgb(40, 70));
    int black = 0;
    for (int x = 40; x < 100; x++) {
      for (int y = 25; y < 40; y++) {
        black += dots.rgb(x, y) == 0 ? 1 : 0;
      }
    }
    assertTrue(black > 20, () -> "no letters");
  }

  @Test
  void drawsOnImagesAndBoxesOfAnySize() {
    List<Detection> boxes =
        List.of(
            at(0, 0, 0, 0, 0),
            at(3, -50, -50, 1e9f, 5),
            at(900, 5, 5, 6, 6),
            new Detection(5, "a label that is far too long\n\u4e2d\u6587", 1f, new Box(1, 1, 2, 2)),
            at(2, Float.NEGATIVE_INFINITY, 0, Float.POSITIVE_INFINITY, 3));
    for (RgbImage image : List.of(gray(1, 1), gray(5, 300), gray(300, 5), GRAY)) {
      assertEquals(image.width(), new Annotator().draw(image, boxes).width());
      new Annotator(DrawOptions.DEFAULTS, new BitmapFont()).draw(image, boxes);
    }
  }

  @Test
  void keepsPlatesInsideAndApart() {
    LabelPlacer placer = new LabelPlacer(300, 200, 2);
    List<Rectangle2D> plates = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Rectangle2D box = new Rectangle2D.Double(i % 4 * 70, i / 4 * 60, 60, 55);
      plates.add(placer.place(box, 50, 14));
    }
    for (int i = 0; i < plates.size(); i++) {
      assertTrue(new Rectangle2D.Double(0, 0, 300, 200).contains(plates.get(i)));
      for (int j = 0; j < i; j++) {
        assertFalse(plates.get(i).intersects(plates.get(j)));
      }
    }
  }

  @Test
  void givesEachClassAColourAndReadableText() {
    Set<Color> colors = new HashSet<>();
    for (int c = 0; c < 80; c++) {
      Color color = ClassColors.of(c);
      assertTrue(colors.add(color), "class " + c);
      assertNotEquals(color, ClassColors.readableOn(color));
    }
    assertEquals(Color.WHITE, ClassColors.readableOn(new Color(0x0000A0)));
    assertEquals(Color.BLACK, ClassColors.readableOn(new Color(0xFFFF00)));
  }

  private static int[] pixels(RgbImage image) {
    return image
        .toBufferedImage()
        .getRGB(0, 0, image.width(), image.height(), null, 0, image.width());
  }

  private static void assertSame(RgbImage expected, RgbImage found) {
    assertArrayEquals(pixels(expected), pixels(found));
  }

  /** Random pixels, which no other image of the test has. */
  private static RgbImage noise(int seed, int width, int height) {
    byte[] pixels = new byte[3 * width * height];
    new Random(seed).nextBytes(pixels);
    return RgbImage.of(width, height, pixels);
  }

  /** The mean color of a block, by definition. */
  private static int mean(RgbImage image, int x1, int y1, int x2, int y2) {
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double sum = 0;
      for (int y = y1; y < y2; y++) {
        for (int x = x1; x < x2; x++) {
          sum += image.rgb(x, y) >> shift & 0xFF;
        }
      }
      rgb |= (int) Math.rint(sum / ((x2 - x1) * (y2 - y1))) << shift;
    }
    return rgb;
  }

  /** Without a label; the middle of the box has no line either. */
  private static RgbImage hidden(DrawOptions.Hide way, RgbImage image, Detection... found) {
    DrawOptions options = DrawOptions.DEFAULTS.withLabels().withLineWidth(0.01).withHide(way);
    return new Annotator(options).draw(image, List.of(found));
  }

  @Test
  void pixelatesABoxThatIsRoundedOutwards() {
    RgbImage image = noise(1, 200, 120);
    // Pixels 20 to 120 and 10 to 110: blocks of 13 pixels.
    RgbImage drawn = hidden(DrawOptions.Hide.PIXELATE, image, at(0, 20.9f, 10.9f, 119.1f, 109.1f));
    for (int y = 23; y < 100; y++) {
      for (int x = 33; x < 110; x++) {
        int left = 20 + (x - 20) / 13 * 13;
        int top = 10 + (y - 10) / 13 * 13;
        int right = Math.min(left + 13, 120);
        int bottom = Math.min(top + 13, 110);
        assertEquals(mean(image, left, top, right, bottom), drawn.rgb(x, y), x + ", " + y);
      }
    }
    assertEquals(image.rgb(10, 60), drawn.rgb(10, 60));
    assertEquals(image.rgb(19, 60), drawn.rgb(19, 60));
    assertNotEquals(image.rgb(119, 100), drawn.rgb(119, 100));
  }

  @Test
  void blursOnlyWhatPixelatingLeaves() {
    RgbImage image = noise(2, 200, 120);
    Detection[] found = {at(0, 0, 0, 100, 90), at(1, 40, 30, 201, 121), at(2, 150, 3, 154, 6)};
    assertSame(
        hidden(DrawOptions.Hide.BLUR, image, found[0]),
        hidden(DrawOptions.Hide.BLUR, pixelated(image), found[0]));
    for (DrawOptions.Hide way : DrawOptions.Hide.values()) {
      RgbImage drawn = hidden(way, image, found);
      boolean isKept = drawn.rgb(60, 60) == image.rgb(60, 60);
      assertEquals(way == DrawOptions.Hide.NOTHING, isKept, way.name());
      assertEquals(image.rgb(120, 10), drawn.rgb(120, 10), way.name());
    }
    assertEquals(0, hidden(DrawOptions.Hide.FILL, image, found[0]).rgb(50, 50));
  }

  /** The image with the blocks of the box from 0, 0 to 100, 90, as {@link #mean} defines them. */
  private static RgbImage pixelated(RgbImage image) {
    byte[] pixels = new byte[3 * 200 * 120];
    for (int y = 0; y < 120; y++) {
      for (int x = 0; x < 200; x++) {
        int left = x / 13 * 13;
        int top = y / 13 * 13;
        int rgb =
            x < 100 && y < 90
                ? mean(image, left, top, Math.min(left + 13, 100), Math.min(top + 13, 90))
                : image.rgb(x, y);
        for (int c = 0; c < 3; c++) {
          pixels[3 * (200 * y + x) + c] = (byte) (rgb >> (16 - 8 * c));
        }
      }
    }
    return RgbImage.of(200, 120, pixels);
  }

  @Test
  void drawsWithTheOptions() {
    Detection plain = at(1, 40, 40, 120, 100);
    Detection tracked = plain.withTrackId(3);
    DrawOptions bare = DrawOptions.DEFAULTS.withLabels();
    DrawOptions wide = bare.withLineWidth(12);
    assertNotEquals(0x808080, new Annotator(wide).draw(GRAY, List.of(plain)).rgb(48, 70));
    assertEquals(0x808080, new Annotator(bare).draw(GRAY, List.of(plain)).rgb(48, 70));
    DrawOptions byTrack = bare.withColorBy(DrawOptions.ColorBy.TRACK);
    int third = ClassColors.of(2).getRGB() & 0xFFFFFF;
    assertEquals(third, new Annotator(byTrack).draw(GRAY, List.of(tracked)).rgb(40, 70));
    DrawOptions two = byTrack.withPalette(List.of(0x123456, 0x654321));
    assertEquals(0x123456, new Annotator(two).draw(GRAY, List.of(tracked)).rgb(40, 70));
    assertEquals(0x654321, new Annotator(two).draw(GRAY, List.of(plain)).rgb(40, 70));
    assertSame(
        new Annotator(bare).draw(GRAY, List.of(plain)),
        new Annotator(DrawOptions.DEFAULTS.withLabels(DrawOptions.LabelPart.TRACK))
            .draw(GRAY, List.of(plain)));
    assertSame(
        new Annotator().withoutConfidences().draw(GRAY, List.of(tracked)),
        new Annotator(
                DrawOptions.DEFAULTS.withLabels(
                    DrawOptions.LabelPart.CLASS, DrawOptions.LabelPart.TRACK))
            .draw(GRAY, List.of(tracked)));
    int[] usual = pixels(new Annotator().draw(GRAY, List.of(tracked)));
    DrawOptions large = DrawOptions.DEFAULTS.withFontSize(30);
    assertFalse(Arrays.equals(usual, pixels(new Annotator(large).draw(GRAY, List.of(tracked)))));
  }

  @Test
  void placesALabelOutsideItsBox() {
    LabelPlacer placer = new LabelPlacer(300, 200, 2);
    for (double[] corner : new double[][] {{0, 0}, {240, 0}, {0, 150}, {120, 0}}) {
      Rectangle2D box = new Rectangle2D.Double(corner[0], corner[1], 60, 50);
      assertFalse(placer.place(box, 50, 14).intersects(box));
    }
  }

  @Test
  void refusesOptionsOutOfRange() {
    DrawOptions defaults = DrawOptions.DEFAULTS;
    assertThrows(IllegalArgumentException.class, () -> defaults.withLineWidth(-1));
    assertThrows(IllegalArgumentException.class, () -> defaults.withFontSize(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> defaults.withMaskOpacity(1.1));
    assertThrows(IllegalArgumentException.class, () -> defaults.withPalette(List.of(-1)));
  }
}
