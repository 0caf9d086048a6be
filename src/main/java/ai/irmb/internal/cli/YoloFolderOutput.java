package ai.irmb.internal.cli;

import ai.irmb.Detections;
import ai.irmb.WriteOptions;
import ai.irmb.format.ImageEntry;
import ai.irmb.format.YoloFolder;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.file.Directories;
import ai.irmb.internal.file.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes a data set in YOLO's format. Images that are no files become PNG. */
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
    boolean isFile = input.number() == 0 && Files.exists(input.file());
    String fileName = isFile ? input.fileName() : input.fileName() + ".png";
    ImageEntry entry =
        new ImageEntry(fileName, FileNames.text(input.file()), input.name(), input.number());
    if (!isFile) {
      Directories.createParents(writer.imageFile(entry));
      image.write(writer.imageFile(entry));
    }
    writer.add(entry, found);
  }

  @Override
  public void finish() throws IOException {
    writer.finish();
  }
}
