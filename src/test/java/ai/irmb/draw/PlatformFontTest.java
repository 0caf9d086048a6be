package ai.irmb.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Font;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Rectangle2D;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Text of scripts whose letters join, or that run from right to left. */
@Tag("fast")
class PlatformFontTest {
  private static final int SIZE = 100;

  private final LabelFont font = LabelFont.best();

  @BeforeEach
  void needsAFont() {
    assumeTrue(font instanceof PlatformFont, "there is no font");
  }

  private static void assumeDisplays(String text) {
    Font platform = new Font(Font.SANS_SERIF, Font.BOLD, SIZE);
    assumeTrue(platform.canDisplayUpTo(text) < 0, "the font lacks letters of " + text);
  }

  /** {@return the glyphs of letters one after the other, not shaped and not reordered} */
  private static Shape glyphs(String letters) {
    return new Font(Font.SANS_SERIF, Font.BOLD, SIZE)
        .createGlyphVector(new FontRenderContext(null, true, true), letters)
        .getOutline();
  }

  private Shape drawn(String text) {
    return font.line(text, SIZE).outline();
  }

  /** {@return the area in which two shapes differ, as a fraction of their union's bounds} */
  private static double difference(Shape a, Shape b) {
    Rectangle2D from = a.getBounds2D();
    Rectangle2D to = b.getBounds2D();
    Area moved = new Area(a);
    moved.transform(
        AffineTransform.getTranslateInstance(to.getX() - from.getX(), to.getY() - from.getY()));
    Rectangle2D union = moved.getBounds2D().createUnion(to);
    moved.exclusiveOr(new Area(b));
    double ink = 0;
    for (int x = 0; x < union.getWidth(); x++) {
      for (int y = 0; y < union.getHeight(); y++) {
        ink += moved.contains(union.getX() + x, union.getY() + y) ? 1 : 0;
      }
    }
    return ink / (union.getWidth() * union.getHeight());
  }

  @Test
  void drawsLatinFromLeftToRight() {
    assertEquals(0, difference(drawn("Lim"), glyphs("Lim")), 0.02);
  }

  /** The marks are U+202E and U+202C, which reverse what is between them in any font. */
  @Test
  void drawsFromRightToLeft() {
    assertEquals(0, difference(drawn("\u202EiL\u202C"), glyphs("Li")), 0.02);
  }

  @Test
  void drawsHebrewFromRightToLeft() {
    assumeDisplays("\u05D0\u05D9");
    assertEquals(0, difference(drawn("\u05D0\u05D9"), glyphs("\u05D9\u05D0")), 0.02);
  }

  /** Seen and lam in their initial and final forms, which Unicode also has as characters. */
  @Test
  void joinsArabicLetters() {
    String joined = "\uFEDE\uFEB3";
    assumeDisplays("\u0633\u0644" + joined);
    assertEquals(0, difference(drawn("\u0633\u0644"), glyphs(joined)), 0.05);
  }

  @Test
  void keepsTheConfidenceReadable() {
    assumeDisplays("\u05D0");
    Shape label = drawn("\u05D0 0.87");
    assertNotEquals(0, difference(label, glyphs("\u05D0 0.87")), 0.01);
    assertEquals(0, difference(label, glyphs("0.87 \u05D0")), 0.02);
  }

  @Test
  void drawsAnEmptyLabel() {
    assertEquals(0, font.line("", SIZE).outline().getBounds2D().getWidth());
  }
}
