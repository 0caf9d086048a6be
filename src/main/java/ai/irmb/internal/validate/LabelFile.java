package ai.irmb.internal.validate;

import ai.irmb.error.DatasetException;
import ai.irmb.internal.error.Quoting;
import ai.irmb.internal.text.DecimalText;
import ai.irmb.internal.validate.LabeledImage.Label;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a label file in YOLO's format. A row is a class and a box, or a class and the points of an
 * outline, of which the bounding box is taken. Values are in single precision and must be in range
 * as such, as in YOLOv5, which also decides by the longest row how the rows of a file are read. Not
 * safe for concurrent use.
 */
final class LabelFile {
  private static final int BOX_WORDS = 5;
  private static final int MIN_OUTLINE_WORDS = 7;

  private static final long MAX_BYTES = 4L << 20;

  private final Path file;
  private final int classes;
  private final Map<Label, float[]> outlines = new LinkedHashMap<>();
  private int lineNumber;
  private int rows;
  private int boxes;

  private LabelFile(Path file, int classes) {
    this.file = file;
    this.classes = classes;
  }

  /**
   * The labels of an image.
   *
   * @param labels without repeated rows
   * @param outlines x and y of each point of each label, relative to the image's size; empty if the
   *     file has boxes
   * @param warnings a sentence for each oddity that does not make the labels unusable
   */
  record Content(List<Label> labels, List<float[]> outlines, List<String> warnings) {
    private static final Content EMPTY = new Content(List.of(), List.of(), List.of());
  }

  /**
   * {@return the labels of a file, none if it does not exist}
   *
   * @throws DatasetException if a row is malformed; the message names the line
   */
  static Content read(Path file, int classes) {
    if (!Files.exists(file)) {
      return Content.EMPTY;
    }
    LabelFile reader = new LabelFile(file, classes);
    List<String[]> lines = new ArrayList<>();
    for (String line : TextLines.read(file, MAX_BYTES)) {
      lines.add(line.isBlank() ? new String[0] : line.strip().split("\\s+", -1));
    }
    boolean areOutlines = lines.stream().anyMatch(words -> words.length >= MIN_OUTLINE_WORDS);
    lines.forEach(words -> reader.add(words, areOutlines));
    return reader.content(areOutlines);
  }

  private Content content(boolean areOutlines) {
    List<String> warnings = new ArrayList<>();
    if (rows > outlines.size()) {
      warnings.add(file + ": rows that repeat another count once: " + (rows - outlines.size()));
    }
    if (areOutlines && boxes > 0) {
      warnings.add(
          file
              + ": rows with four values among outlines are read as outlines of two points, as"
              + " YOLOv5 does, not as boxes: "
              + boxes);
    }
    return new Content(
        List.copyOf(outlines.keySet()),
        areOutlines ? List.copyOf(outlines.values()) : List.of(),
        warnings);
  }

  private void add(String[] words, boolean areOutlines) {
    lineNumber++;
    if (words.length == 0) {
      return;
    }
    boolean hasPoints = words.length % 2 == 1 && words.length > 1;
    if (areOutlines ? !hasPoints : words.length != BOX_WORDS) {
      throw wrong("a class and x y w h, or a class and an outline", words.length + " values");
    }
    rows++;
    boxes += words.length == BOX_WORDS ? 1 : 0;
    float[] v = new float[words.length];
    for (int i = 0; i < v.length; i++) {
      v[i] = parse(words[i]);
    }
    if (v[0] != Math.rint(v[0]) || v[0] < 0 || v[0] >= classes) {
      throw wrong("a class from 0 to " + (classes - 1), Quoting.quote(words[0]));
    }
    Label label = areOutlines ? boundingBox(v) : new Label((int) v[0], v[1], v[2], v[3], v[4]);
    outlines.putIfAbsent(inRange(label), Arrays.copyOfRange(v, 1, v.length));
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
