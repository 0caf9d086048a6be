package ai.irmb.internal.validate;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.DatasetException;
import ai.irmb.internal.error.Quoting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which images a split has, and where their labels are. */
final class SplitFiles {
  private static final long MOST_LIST_BYTES = 64L << 20;

  /** What upstream takes for an image; a format that is not read is reported, not passed over. */
  private static final Set<String> ENDINGS =
      Set.of("bmp", "dng", "jpeg", "jpg", "mpo", "png", "tif", "tiff", "webp", "pfm");

  private SplitFiles() {}

  /**
   * {@return the images in folders and lists, by path, each once}
   *
   * @throws DatasetException if one cannot be read
   */
  static Set<Path> in(List<Path> foldersAndLists) {
    Set<Path> files = new TreeSet<>();
    for (Path path : foldersAndLists) {
      if (Files.isDirectory(path)) {
        addBelow(path, files);
      } else {
        addListed(path, files);
      }
    }
    return files;
  }

  private static void addBelow(Path folder, Set<Path> files) {
    try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      all.filter(file -> !isHidden(folder.relativize(file)))
          .filter(SplitFiles::isImage)
          .filter(Files::isRegularFile)
          .forEach(files::add);
    } catch (UncheckedIOException | IOException e) {
      throw new DatasetException(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean isHidden(Path relative) {
    for (Path part : relative) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static void addListed(Path list, Set<Path> files) {
    Path folder = requireNonNull(list.toAbsolutePath().getParent(), "a file is in a folder");
    int number = 0;
    for (String line : TextLines.of(list, MOST_LIST_BYTES)) {
      number++;
      try {
        Path file = folder.resolve(line.strip()).normalize();
        if (!line.isBlank() && isImage(file)) {
          files.add(file);
        }
      } catch (InvalidPathException e) {
        throw new DatasetException(
            list + ":" + number + ": expected a path, found " + Quoting.quote(line), e);
      }
    }
  }

  private static boolean isImage(Path file) {
    String name = String.valueOf(file.getFileName());
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  /** {@return where an image's labels are: the last folder called images becomes labels} */
  static Path labelsOf(Path image) {
    String path = image.toAbsolutePath().toString().replace('\\', '/');
    int at = path.lastIndexOf("/images/");
    String labels =
        at < 0
            ? path
            : path.substring(0, at) + "/labels/" + path.substring(at + "/images/".length());
    return Path.of(labels.substring(0, labels.lastIndexOf('.')) + ".txt");
  }
}
