package ai.irmb.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
        new Annotator(true, new BitmapFont()).draw(GRAY, List.of(at(1, 40, 40, 120, 100)));
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
      new Annotator(true, new BitmapFont()).draw(image, boxes);
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
}
