package ai.irmb.draw;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;

/** The platform's sans serif font. */
final class PlatformFont implements LabelFont {
  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  private final Font font = new Font(Font.SANS_SERIF, Font.BOLD, 12);

  @Override
  public TextLine line(String text, double size) {
    Font sized = font.deriveFont((float) size);
    // Unlike a glyph vector, a layout shapes Arabic and Indic letters, and orders those that are
    // written from right to left. It takes no empty text.
    TextLayout layout = new TextLayout(text.isEmpty() ? " " : text, sized, CONTEXT);
    return new TextLine(
        layout.getOutline(null), layout.getAdvance(), layout.getAscent(), layout.getDescent());
  }
}
