package ai.irmb.validate;

import ai.irmb.error.DataSetException;
import ai.irmb.image.PictureFiles;
import ai.irmb.spec.DataSpec;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A picture of a data set and what is in it. Immutable.
 *
 * @param file the picture
 * @param labels its objects; none for a background
 */
public record LabelledPicture(Path file, List<Label> labels) {
  private static final long MOST_LABEL_BYTES = 16L << 20;

  /**
   * One object, in parts of the picture's sides.
   *
   * @param classId its class, from 0
   * @param x of its centre
   * @param y of its centre
   * @param width of its box
   * @param height of its box
   */
  public record Label(int classId, double x, double y, double width, double height) {}

  /** Copies the list. */
  public LabelledPicture {
    labels = List.copyOf(labels);
  }

  /**
   * {@return the pictures of a split, by name}
   *
   * @throws DataSetException if the split, a folder or a list is not there, or a label is malformed
   */
  public static List<LabelledPicture> of(DataSpec data, String split) {
    Set<Path> files = new LinkedHashSet<>();
    for (Path path : data.split(split)) {
      try {
        if (Files.isDirectory(path)) {
          try (Stream<Path> below = Files.walk(path)) {
            below.filter(PictureFiles::isPicture).sorted().forEach(files::add);
          }
        } else {
          listed(path, files);
        }
      } catch (IOException e) {
        throw new DataSetException(
            data.source() + ": " + split + ": " + path + " cannot be read: " + e, e);
      }
    }
    if (files.isEmpty()) {
      throw new DataSetException(data.source() + ": " + split + ": there are no pictures in it");
    }
    List<LabelledPicture> pictures = new ArrayList<>();
    for (Path file : files) {
      pictures.add(new LabelledPicture(file, labels(labelsOf(file), data.names().size())));
    }
    return pictures;
  }

  private static void listed(Path list, Set<Path> files) throws IOException {
    Path folder = list.getParent();
    for (String line : Files.readAllLines(list, StandardCharsets.UTF_8)) {
      if (!line.isBlank() && folder != null) {
        files.add(folder.resolve(line.strip()).normalize());
      }
    }
  }

  /** The last folder called images becomes labels; the ending becomes txt. */
  private static Path labelsOf(Path picture) {
    String path = picture.toAbsolutePath().toString().replace('\\', '/');
    int at = path.lastIndexOf("/images/");
    String labels =
        at < 0
            ? path
            : path.substring(0, at) + "/labels/" + path.substring(at + "/images/".length());
    int dot = labels.lastIndexOf('.');
    return Path.of((dot > labels.lastIndexOf('/') ? labels.substring(0, dot) : labels) + ".txt");
  }

  private static List<Label> labels(Path file, int classes) {
    if (!Files.exists(file)) {
      return List.of();
    }
    Set<Label> labels = new LinkedHashSet<>();
    try {
      if (Files.size(file) > MOST_LABEL_BYTES) {
        throw new DataSetException(file + ": more than 16 MiB of labels");
      }
      int number = 0;
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        number++;
        if (!line.isBlank()) {
          labels.add(label(file + ":" + number, line.strip().split("\\s+", -1), classes));
        }
      }
    } catch (MalformedInputException e) {
      throw new DataSetException(file + ": the labels are not UTF-8 text", e);
    } catch (IOException e) {
      throw new DataSetException(file + ": cannot be read: " + e, e);
    }
    return List.copyOf(labels);
  }

  /** A class and a box, or a class and the points of an outline, whose box is taken. */
  private static Label label(String place, String[] words, int classes) {
    boolean outline = words.length >= 7 && words.length % 2 == 1;
    if (words.length != 5 && !outline) {
      throw new DataSetException(
          place
              + ": expected a class and x y w h, or a class and the points of an outline, found "
              + words.length
              + " numbers");
    }
    double[] v = new double[words.length];
    for (int i = 0; i < v.length; i++) {
      try {
        v[i] = Double.parseDouble(words[i]);
      } catch (NumberFormatException e) {
        throw new DataSetException(place + ": expected a number, found " + words[i], e);
      }
      if (i > 0 && !(v[i] >= 0 && v[i] <= 1)) {
        throw new DataSetException(
            place + ": expected parts of the picture from 0 to 1, found " + words[i]);
      }
    }
    if (v[0] != Math.rint(v[0]) || v[0] < 0 || v[0] >= classes) {
      throw new DataSetException(
          place + ": expected a class from 0 to " + (classes - 1) + ", found " + words[0]);
    }
    if (!outline) {
      return new Label((int) v[0], v[1], v[2], v[3], v[4]);
    }
    double[] least = {1, 1};
    double[] most = {0, 0};
    for (int i = 1; i < v.length; i++) {
      int axis = (i - 1) % 2;
      least[axis] = Math.min(least[axis], v[i]);
      most[axis] = Math.max(most[axis], v[i]);
    }
    return new Label(
        (int) v[0],
        (least[0] + most[0]) / 2,
        (least[1] + most[1]) / 2,
        most[0] - least[0],
        most[1] - least[1]);
  }
}
