package ai.irmb.internal.cli;

import ai.irmb.Detections;
import ai.irmb.WriteOptions;
import ai.irmb.format.DetectionWriter;
import ai.irmb.format.TextFormat;
import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.util.Map;

/** Writes the detections of all images as one text. */
final class FormatOutput implements Output {
  private final TextFormat format;
  private final TextTarget target;
  private final WriteOptions options;
  private DetectionWriter writer;

  /**
   * @param target finished and closed with this output
   */
  FormatOutput(TextFormat format, TextTarget target, WriteOptions options) {
    this.format = format;
    this.target = target;
    this.options = options;
    // Without names, if no input can be read and so no model is.
    this.writer = format.create(target.writer(), options);
  }

  @Override
  public void start(Map<Integer, String> names) {
    writer = format.create(target.writer(), options.withNames(names));
  }

  @Override
  public void add(Input input, RgbImage image, Detections found) throws IOException {
    writer.add(input.entry(), found);
  }

  @Override
  public void finish() throws IOException {
    writer.finish();
    target.finish();
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
