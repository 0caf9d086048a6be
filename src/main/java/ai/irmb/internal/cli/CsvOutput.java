package ai.irmb.internal.cli;

import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.error.Quoting;
import java.io.IOException;

/** Writes one CSV table with one row per detection; fields are quoted if necessary (RFC 4180). */
final class CsvOutput implements Output {
  private static final String END = "\r\n";

  /** The first characters of a formula, also in full width, which some spreadsheets accept. */
  private static final String FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20";

  private final AtomicTextFile file;
  private final boolean isTracked;

  /**
   * @param file closed with this output
   * @param isTracked whether the last column has the track id
   */
  CsvOutput(AtomicTextFile file, boolean isTracked) throws IOException {
    this.isTracked = isTracked;
    this.file = file;
    file.append("image,class,label,confidence,x1,y1,x2,y2" + (isTracked ? ",track" : "") + END);
  }

  @Override
  public void add(Input input, RgbImage image, Detections found) throws IOException {
    for (int i = 0; i < found.size(); i++) {
      Detection d = found.get(i);
      file.append(
          String.join(
                  ",",
                  cell(input.given()),
                  String.valueOf(d.classId()),
                  cell(d.label()),
                  Float.toString(d.confidence()),
                  Float.toString(d.box().x1()),
                  Float.toString(d.box().y1()),
                  Float.toString(d.box().x2()),
                  Float.toString(d.box().y2()))
              + (isTracked ? "," + d.trackId() : "")
              + END);
    }
  }

  /**
   * {@return a text as a cell: control characters are escaped, and an apostrophe precedes what a
   * spreadsheet would run as a formula}
   */
  static String cell(String text) {
    String escaped = Quoting.escape(text);
    String trimmed = escaped.strip();
    boolean isFormula = !trimmed.isEmpty() && FORMULA.indexOf(trimmed.charAt(0)) >= 0;
    String harmless = isFormula ? "'" + escaped : escaped;
    return harmless.chars().noneMatch(c -> c == '"' || c == ',' || c == ';')
        ? harmless
        : '"' + harmless.replace("\"", "\"\"") + '"';
  }

  @Override
  public void finish() throws IOException {
    file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
