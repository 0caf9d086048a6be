package ai.irmb.internal.validate;

import ai.irmb.error.DatasetException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.text.DecimalText;
import ai.irmb.internal.validate.LabeledImage.Label;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a label file in YOLO's format. A row is a class and a box, or a class and the points of an
 * outline, of which the bounding box is taken. Values are in single precision and must be in range
 * as such, as in YOLOv5. Not safe for concurrent use.
 */
final class LabelFile {
  private static final int BOX_WORDS = 5;
  private static final int MIN_OUTLINE_WORDS = 7;

  private static final long MAX_BYTES = 4L << 20;

  private final Path file;
  private final int classes;
  private final Set<Label> labels = new LinkedHashSet<>();
  private int lineNumber;
  private int boxes;
  private int outlines;

  private LabelFile(Path file, int classes) {
    this.file = file;
    this.classes = classes;
  }

  /**
   * {@return the labels of a file, none if it does not exist; equal rows count once}
   *
   * @throws DatasetException if a row is malformed
   */
  static List<Label> read(Path file, int classes) {
    if (!Files.exists(file)) {
      return List.of();
    }
    LabelFile reader = new LabelFile(file, classes);
    TextLines.read(file, MAX_BYTES).forEach(reader::add);
    return List.copyOf(reader.labels);
  }

  private void add(String line) {
    lineNumber++;
    if (line.isBlank()) {
      return;
    }
    String[] words = line.strip().split("\\s+", -1);
    boolean isOutline = words.length >= MIN_OUTLINE_WORDS && words.length % 2 == 1;
    if (!isOutline && words.length != BOX_WORDS) {
      throw wrong("a class and x y w h, or a class and an outline", words.length + " values");
    }
    if (isOutline) {
      outlines++;
    } else {
      boxes++;
    }
    // YOLOv5 would read a box as an outline of two points.
    if (boxes > 0 && outlines > 0) {
      throw wrong("only boxes or only outlines in a file", "both");
    }
    float[] v = new float[words.length];
    for (int i = 0; i < v.length; i++) {
      v[i] = parse(words[i]);
    }
    if (v[0] != Math.rint(v[0]) || v[0] < 0 || v[0] >= classes) {
      throw wrong("a class from 0 to " + (classes - 1), Quoting.quote(words[0]));
    }
    labels.add(inRange(isOutline ? boundingBox(v) : new Label((int) v[0], v[1], v[2], v[3], v[4])));
  }

  private float parse(String word) {
    // Float.parseFloat alone would accept 0x1p3, 1f and NaN as well.
    if (!DecimalText.isNumber(word)) {
      throw wrong("a number", Quoting.quote(word));
    }
    return Float.parseFloat(word);
  }

  /** Points of an outline may be slightly outside the image if the bounding box is inside. */
  private Label inRange(Label label) {
    for (float value : new float[] {label.x(), label.y(), label.width(), label.height()}) {
      if (!(value >= 0 && value <= 1)) {
        throw wrong("values from 0 to 1, relative to the image's size", String.valueOf(value));
      }
    }
    return label;
  }

  private static Label boundingBox(float[] outline) {
    float left = Float.POSITIVE_INFINITY;
    float top = Float.POSITIVE_INFINITY;
    float right = Float.NEGATIVE_INFINITY;
    float bottom = Float.NEGATIVE_INFINITY;
    for (int i = 1; i < outline.length; i += 2) {
      left = Math.min(left, outline[i]);
      right = Math.max(right, outline[i]);
      top = Math.min(top, outline[i + 1]);
      bottom = Math.max(bottom, outline[i + 1]);
    }
    return new Label(
        (int) outline[0], (left + right) / 2, (top + bottom) / 2, right - left, bottom - top);
  }

  private DatasetException wrong(String expected, String found) {
    return new DatasetException(
        file + ":" + lineNumber + ": expected " + expected + ", found " + found);
  }
}
