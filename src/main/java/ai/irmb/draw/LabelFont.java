package ai.irmb.draw;

import java.awt.Shape;

/** A font that gives text as outlines. Safe for concurrent use. */
interface LabelFont {
  /**
   * One line of text as an outline.
   *
   * @param outline to be filled; its baseline starts at the origin
   * @param width of the line
   * @param ascent above the baseline
   * @param descent below the baseline
   */
  record TextLine(Shape outline, double width, double ascent, double descent) {}

  /** {@return the text in one line, at this size} */
  TextLine line(String text, double size);

  /**
   * {@return the platform's font, or the bitmap font if there is none}
   *
   * <p>Containers often have neither fontconfig nor a font. Java then fails with several kinds of
   * errors, and with another one at the second attempt.
   */
  static LabelFont best() {
    try {
      LabelFont font = new PlatformFont();
      font.line("Ag 0.5", 12);
      return font;
    } catch (RuntimeException | LinkageError | InternalError e) {
      return new BitmapFont();
    }
  }
}
