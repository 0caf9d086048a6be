package ai.irmb.format;

import ai.irmb.Detection;
import ai.irmb.Detections;
import ai.irmb.internal.text.CsvText;
import java.io.IOException;
import java.io.Writer;

/** A table with one row per detection. */
final class CsvDocument extends TextDocument {
  CsvDocument(Writer out) {
    super(out);
  }

  @Override
  String start() {
    return "image,class,label,confidence,x1,y1,x2,y2,track,frame" + CsvText.END;
  }

  @Override
  void write(ImageEntry image, Detections detections) throws IOException {
    String name = CsvText.cell(image.path());
    String frame = image.frame() == 0 ? "" : String.valueOf(image.frame());
    for (Detection d : detections) {
      out().write(name + "," + d.toCsv() + "," + frame + CsvText.END);
    }
  }

  @Override
  String end() {
    return "";
  }
}
