package ai.irmb.internal.config;

import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.text.PathText;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the folders and lists that a dataset YAML names. A relative {@code path} is tried in the
 * YAML's folder, in the folder above it and in the working folder: upstream's own YAMLs are in
 * {@code yolov5/data}, name data beside {@code yolov5}, and are used from {@code yolov5}.
 * Immutable.
 */
public final class DatasetPaths {
  private static final String PARENT = "../";

  private final String path;
  private final List<Path> roots;

  private DatasetPaths(String path, List<Path> roots) {
    this.path = path;
    this.roots = roots;
  }

  /**
   * {@return the places for a YAML}
   *
   * @param yaml the file
   * @param path the value of its key {@code path}, or an empty string
   * @throws InvalidPathException if {@code path} is not a path
   */
  static DatasetPaths of(Path yaml, String path) {
    Path file = yaml.toAbsolutePath().normalize();
    Set<Path> roots = new LinkedHashSet<>();
    for (Path folder = file.getParent(); folder != null && roots.size() < 2; ) {
      roots.add(PathText.resolve(folder, path));
      folder = folder.getParent();
    }
    roots.add(PathText.resolve(Path.of("").toAbsolutePath(), path));
    return new DatasetPaths(path, List.copyOf(roots));
  }

  /**
   * {@return the places of a folder or list, the preferred one first}
   *
   * @throws InvalidPathException if it is not a path
   */
  List<Path> places(String text) {
    Set<Path> places = new LinkedHashSet<>();
    for (Path root : roots) {
      places.add(PathText.resolve(root, text));
      // Some exporters write ../train/images for train/images, and YOLOv5 reads it as such.
      if (text.startsWith(PARENT)) {
        places.add(PathText.resolve(root, text.substring(PARENT.length())));
      }
    }
    return new ArrayList<>(places);
  }

  /** {@return the first of some places that exists, else the first} */
  static Path choose(List<Path> places) {
    return places.stream().filter(Files::exists).findFirst().orElse(places.get(0));
  }

  /** {@return a sentence that says where a folder or list was sought, or why it cannot be here} */
  String missing(String text) {
    for (String each : List.of(path, text)) {
      if (isWindows(each)) {
        return windowsSentence(each);
      }
    }
    return "there is no such file or folder as "
        + Quoting.quote(text)
        + "; tried "
        + places(text).stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  /** {@return whether a path can only be meant for Windows, while this is another system} */
  public static boolean isWindows(String path) {
    boolean hasDrive =
        path.length() > 2
            && Character.isLetter(path.charAt(0))
            && path.charAt(1) == ':'
            && "/\\".indexOf(path.charAt(2)) >= 0;
    return File.separatorChar != '\\' && (hasDrive || path.indexOf('\\') >= 0);
  }

  /** {@return the sentence for such a path} */
  public static String windowsSentence(String path) {
    return Quoting.quote(path)
        + " is a path of Windows, which this system cannot follow; write it as a path of this"
        + " system, with / between the folders";
  }
}
