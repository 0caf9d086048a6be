package ai.irmb.internal.cli;

import ai.irmb.Detection;
import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;

/** Writes one CSV table with one row per detection; fields are quoted if necessary (RFC 4180). */
final class CsvOutput implements Output {
  private static final String END = "\r\n";

  private final AtomicTextFile file;
  private final boolean isTracked;

  /**
   * @param isTracked whether the last column has the track id
   */
  CsvOutput(Path target, boolean isTracked) throws IOException {
    this.isTracked = isTracked;
    file = AtomicTextFile.open(target);
    file.append("image,class,label,confidence,x1,y1,x2,y2" + (isTracked ? ",track" : "") + END);
  }

  @Override
  public void add(Input input, RgbImage image, TrackedDetections found) throws IOException {
    for (int i = 0; i < found.size(); i++) {
      Detection d = found.detections().get(i);
      file.append(
          String.join(
                  ",",
                  quoted(input.given()),
                  String.valueOf(d.classId()),
                  quoted(d.label()),
                  Float.toString(d.confidence()),
                  Float.toString(d.box().x1()),
                  Float.toString(d.box().y1()),
                  Float.toString(d.box().x2()),
                  Float.toString(d.box().y2()))
              + (isTracked ? "," + found.ids().get(i) : "")
              + END);
    }
  }

  private static String quoted(String text) {
    return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
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
