package ai.irmb.internal.cli;

import ai.irmb.Detections;
import ai.irmb.WriteOptions;
import ai.irmb.format.ImageEntry;
import ai.irmb.format.YoloFolder;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.file.FileNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Writes a data set in YOLO's format. Frames and an image from standard input become PNG. */
final class YoloFolderOutput implements Output {
  private final Path folder;
  private final WriteOptions options;
  private YoloFolder writer;

  YoloFolderOutput(Path folder, WriteOptions options) {
    this.folder = folder;
    this.options = options;
    this.writer = YoloFolder.create(folder, options);
  }

  @Override
  public void start(Map<Integer, String> names) {
    writer = YoloFolder.create(folder, options.withNames(names));
  }

  @Override
  public void add(Input input, RgbImage image, Detections found) throws IOException {
    if (input.number() > 0 || input.isStandardInput()) {
      writer.add(input.entry(), image, found);
    } else {
      String path = FileNames.text(input.file());
      writer.add(new ImageEntry(input.fileName(), path, input.name(), 0), found);
    }
  }

  @Override
  public void finish() throws IOException {
    writer.finish();
  }
}
