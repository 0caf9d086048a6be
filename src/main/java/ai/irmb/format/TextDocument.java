package ai.irmb.format;

import ai.irmb.Detections;
import java.io.IOException;
import java.io.Writer;

/** A text that is written image by image to a stream of the caller. */
abstract class TextDocument implements DetectionWriter {
  private final Writer out;
  private boolean isEmpty = true;

  TextDocument(Writer out) {
    this.out = out;
  }

  /** {@return the text before the first image} */
  abstract String start();

  /** Writes the text of an image. */
  abstract void write(ImageEntry image, Detections detections) throws IOException;

  /** {@return the text after the last image} */
  abstract String end();

  @Override
  public void add(ImageEntry image, Detections detections) throws IOException {
    begin();
    write(image, detections);
  }

  @Override
  public void finish() throws IOException {
    begin();
    out.write(end());
    out.flush();
  }

  private void begin() throws IOException {
    if (isEmpty) {
      out.write(start());
      isEmpty = false;
    }
  }

  final Writer out() {
    return out;
  }

  /** Has nothing to do: the stream is the caller's. */
  @Override
  public void close() {}
}
