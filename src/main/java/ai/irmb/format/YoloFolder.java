package ai.irmb.format;

import static java.util.Objects.requireNonNull;

import ai.irmb.Detections;
import ai.irmb.WriteOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.file.AtomicTextFile;
import ai.irmb.internal.file.Directories;
import ai.irmb.internal.file.FileNames;
import ai.irmb.internal.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * A data set in YOLO's format, ready for upstream's {@code train.py}: {@code images}, {@code
 * labels}, {@code images.txt}, {@code classes.txt} and {@code data.yaml} in a folder. Not safe for
 * concurrent use.
 */
public final class YoloFolder implements DetectionWriter {
  private final Path folder;
  private final WriteOptions options;
  private final DatasetClasses classes;
  private final Set<String> names = new HashSet<>();
  private final StringBuilder list = new StringBuilder();

  private YoloFolder(Path folder, WriteOptions options) {
    this.folder = folder;
    this.options = options;
    this.classes = new DatasetClasses(options);
  }

  /** {@return a writer to a folder, with {@link WriteOptions#DEFAULTS}} */
  public static YoloFolder create(Path folder) {
    return create(folder, WriteOptions.DEFAULTS);
  }

  /**
   * {@return a writer to a folder}
   *
   * @param folder created with the first image; may exist
   */
  public static YoloFolder create(Path folder, WriteOptions options) {
    return new YoloFolder(requireNonNull(folder, "folder"), requireNonNull(options, "options"));
  }

  /**
   * Copies an image into the folder and writes its labels; an image without detections has an empty
   * file. Of two images with the same name, the second gets a number.
   *
   * @throws IOException if the file system fails, also if there is no file of the image's path
   */
  @Override
  public void add(ImageEntry image, Detections detections) throws IOException {
    String name = uniqueName(image);
    String extension = image.relativePath().substring(stem(image.relativePath()).length());
    Path source = FileNames.path(image.path());
    Path copy = FileNames.in(folder, "images/" + name + extension);
    Directories.createParents(copy);
    if (!Files.exists(copy) || !Files.isSameFile(source, copy)) {
      Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    addLabels(name, extension, detections);
  }

  /**
   * Writes an image that is no file, such as a frame, as PNG and its labels; see {@link
   * #add(ImageEntry, Detections)}.
   *
   * @throws IOException if the file system fails
   */
  public void add(ImageEntry image, RgbImage pixels, Detections detections) throws IOException {
    String name = uniqueName(image);
    Path file = FileNames.in(folder, "images/" + name + ".png");
    Directories.createParents(file);
    pixels.write(file);
    addLabels(name, ".png", detections);
  }

  /**
   * {@return the path without its extension, for image and labels, which have the same name in
   * YOLO's format}
   */
  private String uniqueName(ImageEntry image) {
    // A line break would end the line of images.txt.
    String stem = stem(image.relativePath()).replaceAll("\\p{Cntrl}", "_");
    String name = stem;
    for (int number = 2; !names.add(name.toLowerCase(Locale.ROOT)); number++) {
      name = stem + "-" + number;
    }
    return name;
  }

  private static String stem(String path) {
    int dot = path.lastIndexOf('.');
    return dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
  }

  private void addLabels(String name, String extension, Detections detections) throws IOException {
    AtomicTextFile.write(
        FileNames.in(folder, "labels/" + name + ".txt"), detections.toYoloLabels(options));
    classes.add(detections);
    list.append("./images/").append(name).append(extension).append('\n');
  }

  /** Writes the lists. */
  @Override
  public void finish() throws IOException {
    AtomicTextFile.write(folder.resolve("images.txt"), list.toString());
    StringBuilder lines = new StringBuilder();
    StringBuilder yaml = new StringBuilder();
    yaml.append("# Change the path when the folder is moved.\npath: ")
        .append(JsonWriter.write(FileNames.text(folder.toAbsolutePath().normalize())))
        .append("\ntrain: images.txt\nval: images.txt\nnames:\n");
    int count = classes.names().isEmpty() ? 0 : classes.names().lastKey() + 1;
    for (int id = 0; id < count; id++) {
      String name = classes.names().getOrDefault(id, String.valueOf(id));
      lines.append(Quoting.escape(name)).append('\n');
      yaml.append("  ").append(id).append(": ").append(JsonWriter.write(name)).append('\n');
    }
    AtomicTextFile.write(folder.resolve("classes.txt"), lines.toString());
    AtomicTextFile.write(folder.resolve("data.yaml"), yaml.toString());
  }

  /** Has nothing to do: each file is complete. */
  @Override
  public void close() {}
}
