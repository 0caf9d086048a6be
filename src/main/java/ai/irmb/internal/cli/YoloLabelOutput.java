package ai.irmb.internal.cli;

import ai.irmb.Detections;
import ai.irmb.WriteOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.file.AtomicTextFile;
import ai.irmb.internal.file.FileNames;
import java.io.IOException;
import java.nio.file.Path;

/** Writes a file of YOLO labels per image with detections. */
final class YoloLabelOutput implements Output {
  private final Path folder;
  private final WriteOptions options;

  YoloLabelOutput(Path folder, WriteOptions options) {
    this.folder = folder;
    this.options = options;
  }

  @Override
  public void add(Input input, RgbImage image, Detections found) throws IOException {
    if (!found.isEmpty()) {
      AtomicTextFile.write(
          FileNames.in(folder, input.name() + ".txt"), found.toYoloLabels(options));
    }
  }
}
