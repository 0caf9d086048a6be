package ai.irmb.internal.cli;

import ai.irmb.Detections;
import ai.irmb.draw.Annotator;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.file.Directories;
import ai.irmb.internal.file.FileNames;
import ai.irmb.internal.image.ImageEndings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes the images with the detections drawn on them; JPEG and PNG keep their format, others
 * become PNG.
 */
final class AnnotatedOutput implements Output {
  private final Path folder;
  private final Annotator annotator;

  /**
   * @throws IllegalArgumentException if an input image would be overwritten
   */
  AnnotatedOutput(Path folder, List<Input> inputs, Annotator annotator) throws IOException {
    this.folder = folder;
    this.annotator = annotator;
    if (!Files.isDirectory(folder)) {
      return;
    }
    Set<Path> read = new HashSet<>();
    for (Input input : inputs) {
      if (Files.exists(input.file())) {
        read.add(input.file().toRealPath());
      }
    }
    for (Input input : inputs) {
      Path target = target(input);
      if (Files.exists(target) && read.contains(target.toRealPath())) {
        throw new IllegalArgumentException(
            "--save: " + target + " is one of the images that are read; choose another folder");
      }
    }
  }

  private Path target(Input input) {
    String name = input.fileName();
    String suffix =
        ImageEndings.WRITABLE.matches(name) ? name.substring(name.lastIndexOf('.')) : ".png";
    return FileNames.in(
        folder, input.name().endsWith(suffix) ? input.name() : input.name() + suffix);
  }

  @Override
  public void add(Input input, RgbImage image, Detections found) throws IOException {
    Path target = target(input);
    Directories.createParents(target);
    annotator.draw(image, found).write(target);
  }
}
