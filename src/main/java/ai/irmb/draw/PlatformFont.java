package ai.irmb.draw;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.font.LineMetrics;

/** The platform's sans serif font. */
final class PlatformFont implements LabelFont {
  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  private final Font font = new Font(Font.SANS_SERIF, Font.BOLD, 12);

  @Override
  public TextLine line(String text, double size) {
    Font sized = font.deriveFont((float) size);
    GlyphVector glyphs = sized.createGlyphVector(CONTEXT, text);
    LineMetrics metrics = sized.getLineMetrics(text, CONTEXT);
    return new TextLine(
        glyphs.getOutline(),
        glyphs.getLogicalBounds().getWidth(),
        metrics.getAscent(),
        metrics.getDescent());
  }
}
