package ai.irmb.internal.validate;

import ai.irmb.error.DatasetException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.validate.LabeledImage.ImageLabel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rows of one label file: a class and a box, or a class and the points of an outline, whose box
 * is taken. Numbers are single precision and have to be in range as such, as upstream has it. Not
 * safe for concurrent use.
 */
final class LabelRows {
  private static final int BOX_WORDS = 5;
  private static final int LEAST_OUTLINE_WORDS = 7;

  private static final long MOST_BYTES = 4L << 20;
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");

  private final Path file;
  private final int classes;
  private final Set<ImageLabel> labels = new LinkedHashSet<>();
  private int number;
  private int boxes;
  private int outlines;

  private LabelRows(Path file, int classes) {
    this.file = file;
    this.classes = classes;
  }

  /**
   * {@return the labels of a file, none if it is not there; rows that are equal count once}
   *
   * @throws DatasetException if a row is malformed
   */
  static List<ImageLabel> read(Path file, int classes) {
    if (!Files.exists(file)) {
      return List.of();
    }
    LabelRows rows = new LabelRows(file, classes);
    TextLines.of(file, MOST_BYTES).forEach(rows::add);
    return List.copyOf(rows.labels);
  }

  private void add(String line) {
    number++;
    if (line.isBlank()) {
      return;
    }
    String[] words = line.strip().split("\\s+", -1);
    boolean outline = words.length >= LEAST_OUTLINE_WORDS && words.length % 2 == 1;
    if (!outline && words.length != BOX_WORDS) {
      throw wrong("a class and x y w h, or a class and an outline", words.length + " numbers");
    }
    if (outline) {
      outlines++;
    } else {
      boxes++;
    }
    // Upstream would take a box for an outline of two points.
    if (boxes > 0 && outlines > 0) {
      throw wrong("only boxes or only outlines in a file", "both");
    }
    float[] v = new float[words.length];
    for (int i = 0; i < v.length; i++) {
      v[i] = number(words[i]);
    }
    if (v[0] != Math.rint(v[0]) || v[0] < 0 || v[0] >= classes) {
      throw wrong("a class from 0 to " + (classes - 1), Quoting.quote(words[0]));
    }
    labels.add(inRange(outline ? around(v) : new ImageLabel((int) v[0], v[1], v[2], v[3], v[4])));
  }

  private float number(String word) {
    // Java alone would take 0x1p3, 1f and NaN as well.
    if (!NUMBER.matcher(word).matches()) {
      throw wrong("a number", Quoting.quote(word));
    }
    return Float.parseFloat(word);
  }

  /** An outline's points may lie a little outside, if its box does not. */
  private ImageLabel inRange(ImageLabel label) {
    for (float part : new float[] {label.x(), label.y(), label.width(), label.height()}) {
      if (!(part >= 0 && part <= 1)) {
        throw wrong("parts of the image's sides from 0 to 1", String.valueOf(part));
      }
    }
    return label;
  }

  private static ImageLabel around(float[] points) {
    float left = Float.POSITIVE_INFINITY;
    float top = Float.POSITIVE_INFINITY;
    float right = Float.NEGATIVE_INFINITY;
    float bottom = Float.NEGATIVE_INFINITY;
    for (int i = 1; i < points.length; i += 2) {
      left = Math.min(left, points[i]);
      right = Math.max(right, points[i]);
      top = Math.min(top, points[i + 1]);
      bottom = Math.max(bottom, points[i + 1]);
    }
    return new ImageLabel(
        (int) points[0], (left + right) / 2, (top + bottom) / 2, right - left, bottom - top);
  }

  private DatasetException wrong(String expected, String found) {
    return new DatasetException(
        file + ":" + number + ": expected " + expected + ", found " + found);
  }
}
