package ai.irmb.internal.validate;

import static java.util.Objects.requireNonNull;

import ai.irmb.error.DatasetException;
import ai.irmb.internal.config.DatasetPaths;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.image.ImageEndings;
import ai.irmb.internal.text.PathText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds the images of a split and their label files. */
final class SplitFiles {
  private static final long MAX_LIST_BYTES = 64L << 20;

  private SplitFiles() {}

  /**
   * {@return the images in folders and list files, sorted by path, without duplicates}
   *
   * @throws DatasetException if one cannot be read
   */
  static Set<Path> images(List<Path> foldersAndLists) {
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
    try (Stream<Path> walked = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      walked
          .filter(file -> !isHidden(folder.relativize(file)))
          .filter(SplitFiles::isImage)
          .filter(Files::isRegularFile)
          .forEach(files::add);
    } catch (UncheckedIOException | IOException e) {
      throw new DatasetException(folder + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean isHidden(Path relative) {
    for (Path name : relative) {
      if (name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static void addListed(Path list, Set<Path> files) {
    Path folder = requireNonNull(list.toAbsolutePath().getParent(), "a file is in a folder");
    int lineNumber = 0;
    for (String line : TextLines.read(list, MAX_LIST_BYTES)) {
      lineNumber++;
      try {
        Path file = listed(folder, line.strip());
        if (!line.isBlank() && isImage(file)) {
          if (DatasetPaths.isWindows(line) && !Files.exists(file)) {
            throw new DatasetException(
                list + ":" + lineNumber + ": " + DatasetPaths.windowsSentence(line.strip()));
          }
          files.add(file);
        }
      } catch (InvalidPathException e) {
        throw new DatasetException(
            list + ":" + lineNumber + ": expected a path, found " + Quoting.quote(line), e);
      }
    }
  }

  /** {@return a line's path in the list's folder or, if it is only there, the working folder} */
  private static Path listed(Path folder, String line) {
    Path file = PathText.resolve(folder, line);
    Path working = PathText.resolve(Path.of("").toAbsolutePath(), line);
    return !Files.exists(file) && Files.exists(working) ? working : file;
  }

  private static boolean isImage(Path file) {
    // A file in a format of YOLOv5's that cannot be read is reported, not ignored.
    return ImageEndings.YOLOV5.matches(file);
  }

  /** {@return an image's label file: the last folder named images becomes labels} */
  static Path labelFile(Path image) {
    String path = image.toAbsolutePath().toString().replace('\\', '/');
    int at = path.lastIndexOf("/images/");
    String labels =
        at < 0
            ? path
            : path.substring(0, at) + "/labels/" + path.substring(at + "/images/".length());
    return Path.of(labels.substring(0, labels.lastIndexOf('.')) + ".txt");
  }
}
