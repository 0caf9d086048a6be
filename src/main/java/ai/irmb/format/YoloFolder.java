package ai.irmb.format;

import static java.util.Objects.requireNonNull;

import ai.irmb.Detections;
import ai.irmb.WriteOptions;
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
   * {@return the file of an image in the folder: its {@link ImageEntry#relativePath} in {@code
   * images}}
   *
   * <p>An application that has the image only in memory writes this file itself.
   */
  public Path imageFile(ImageEntry image) {
    return FileNames.in(folder, "images/" + image.relativePath());
  }

  /**
   * Writes the labels of an image; an image without detections has an empty file. The image is
   * copied from its path, unless it is a frame or there is no such file: then {@link #imageFile}
   * has to be there.
   *
   * @throws IOException if the file system fails
   * @throws IllegalArgumentException if another image had the same name
   */
  @Override
  public void add(ImageEntry image, Detections detections) throws IOException {
    if (!names.add(image.name().toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "name: two images are named " + Quoting.quote(image.name()) + "; each needs its own");
    }
    copyImage(image);
    AtomicTextFile.write(
        FileNames.in(folder, "labels/" + image.name() + ".txt"), detections.toYoloLabels(options));
    classes.add(detections);
    list.append("./images/").append(image.relativePath()).append('\n');
  }

  private void copyImage(ImageEntry image) throws IOException {
    Path copy = imageFile(image);
    Path source = FileNames.path(image.path());
    boolean isThere = Files.exists(copy);
    if (image.frame() > 0 || (isThere && !Files.exists(source))) {
      return;
    }
    if (!isThere || !Files.isSameFile(source, copy)) {
      Directories.createParents(copy);
      Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
    }
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
