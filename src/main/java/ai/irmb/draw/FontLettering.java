package ai.irmb.draw;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.font.LineMetrics;

/** Text in the platform's sans serif. */
final class FontLettering implements Lettering {
  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  private final Font font = new Font(Font.SANS_SERIF, Font.BOLD, 12);

  @Override
  public Line line(String text, double size) {
    Font sized = font.deriveFont((float) size);
    GlyphVector glyphs = sized.createGlyphVector(CONTEXT, text);
    LineMetrics metrics = sized.getLineMetrics(text, CONTEXT);
    return new Line(
        glyphs.getOutline(),
        glyphs.getLogicalBounds().getWidth(),
        metrics.getAscent(),
        metrics.getDescent());
  }
}
