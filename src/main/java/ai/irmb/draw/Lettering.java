package ai.irmb.draw;

import java.awt.Shape;

/** Text as outlines. Safe for concurrent use. */
interface Lettering {
  /**
   * A line of text.
   *
   * @param outline to be filled; its baseline begins at the origin
   * @param width of the line
   * @param ascent above the baseline
   * @param descent below the baseline
   */
  record Line(Shape outline, double width, double ascent, double descent) {}

  /** {@return the text in one line, at this size} */
  Line line(String text, double size);

  /**
   * {@return the platform's sans serif, or dots if there is none}
   *
   * <p>Containers often have neither fontconfig nor a font, and Java then fails with errors of many
   * kinds, the first time differently from the second.
   */
  static Lettering best() {
    try {
      Lettering font = new FontLettering();
      font.line("Ag 0.5", 12);
      return font;
    } catch (RuntimeException | LinkageError | InternalError e) {
      return new DotLettering();
    }
  }
}
