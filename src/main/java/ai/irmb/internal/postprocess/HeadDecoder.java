package ai.irmb.internal.postprocess;

import java.util.List;

/**
 * Decodes what a YOLOv5 head's convolutions give: cell, stride and anchor turn four numbers into a
 * box, the logistic function turns the others into objectness and class confidences.
 *
 * <p>A row is one anchor in one cell: levels in order, in each the anchors, in each the cells row
 * by row. Its numbers are x y w h, objectness, the classes, and for segmentation the mask
 * coefficients, which stay as they are.
 *
 * <p>Immutable and safe for concurrent use.
 */
public final class HeadDecoder {
  /**
   * How far below a threshold a probability is still looked at exactly: more than single precision
   * rounds by.
   */
  private static final double MARGIN = 1e-6;

  private final List<HeadLevel> levels;
  private final int classes;
  private final int masks;
  private final int numbers;

  /**
   * @param levels in the head's order
   * @param classes at least 1
   * @param masks mask coefficients a row; 0 unless the head segments
   * @throws IllegalArgumentException if there is no level or class
   */
  public HeadDecoder(List<HeadLevel> levels, int classes, int masks) {
    this.levels = List.copyOf(levels);
    this.classes = classes;
    this.masks = masks;
    this.numbers = 5 + classes + masks;
    if (levels.isEmpty() || classes < 1 || masks < 0) {
      throw new IllegalArgumentException("a head needs a level and a class");
    }
  }

  /** {@return numbers a row: 5 + classes + masks} */
  public int numbers() {
    return numbers;
  }

  /** {@return the rows of one image, given each level's cells} */
  public int rows(List<LevelOutput> outputs) {
    checkLevels(outputs);
    int rows = 0;
    for (int i = 0; i < outputs.size(); i++) {
      LevelOutput output = outputs.get(i);
      rows += levels.get(i).anchorCount() * output.height() * output.width();
    }
    return rows;
  }

  /**
   * {@return the boxes of one image that pass the filter, in the order of rows, then classes}
   *
   * @param outputs a level each
   * @param image its place in the batch, from 0
   * @param filter what passes
   * @throws IllegalArgumentException if the outputs do not fit the head
   */
  public ScoredBoxes candidates(List<LevelOutput> outputs, int image, CandidateFilter filter) {
    checkLevels(outputs);
    ScoredBoxesBuilder found = new ScoredBoxesBuilder(256, masks);
    int row = 0;
    for (int i = 0; i < outputs.size(); i++) {
      HeadLevel level = levels.get(i);
      LevelOutput output = outputs.get(i);
      int cells = output.height() * output.width();
      checkData(level, output, image);
      for (int anchor = 0; anchor < level.anchorCount(); anchor++) {
        Plane plane = new Plane(level, output, anchor, start(level, cells, image, anchor), row);
        collect(plane, filter, found);
        row += cells;
      }
    }
    return found.build();
  }

  /**
   * {@return every row of one image decoded: (rows, numbers), x y w h as centre and size in
   * letterboxed pixels}
   *
   * @param outputs a level each
   * @param image its place in the batch, from 0
   * @throws IllegalArgumentException if the outputs do not fit the head
   */
  public float[] decode(List<LevelOutput> outputs, int image) {
    float[] decoded = new float[Math.multiplyExact(rows(outputs), numbers)];
    float[] box = new float[4];
    int to = 0;
    for (int i = 0; i < outputs.size(); i++) {
      HeadLevel level = levels.get(i);
      LevelOutput output = outputs.get(i);
      int cells = output.height() * output.width();
      checkData(level, output, image);
      for (int anchor = 0; anchor < level.anchorCount(); anchor++) {
        Plane plane = new Plane(level, output, anchor, start(level, cells, image, anchor), 0);
        for (int cell = 0; cell < cells; cell++, to += numbers) {
          plane.box(cell, box);
          System.arraycopy(box, 0, decoded, to, 4);
          for (int k = 4; k < numbers; k++) {
            float logit = plane.number(k, cell);
            decoded[to + k] = k < 5 + classes ? sigmoid(logit) : logit;
          }
        }
      }
    }
    return decoded;
  }

  private void checkLevels(List<LevelOutput> outputs) {
    if (outputs.size() != levels.size()) {
      throw new IllegalArgumentException(
          "the head has " + levels.size() + " levels, not " + outputs.size());
    }
  }

  private void checkData(HeadLevel level, LevelOutput output, int image) {
    long each = (long) level.anchorCount() * numbers * output.height() * output.width();
    if (image < 0 || (image + 1) * each > output.data().length) {
      throw new IllegalArgumentException(
          "image "
              + image
              + " needs "
              + each
              + " numbers at a level, of "
              + output.data().length
              + " for the batch");
    }
  }

  private int start(HeadLevel level, int cells, int image, int anchor) {
    return (image * level.anchorCount() + anchor) * numbers * cells;
  }

  private void collect(Plane plane, CandidateFilter filter, ScoredBoxesBuilder found) {
    float threshold = filter.confidence();
    float logitAtLeast = atLeast(threshold);
    float[] data = plane.output.data();
    int first = plane.start + 4 * plane.cells;
    for (int cell = 0; cell < plane.cells; cell++) {
      // Nearly all cells end here, with one comparison and no exponential.
      if (data[first + cell] >= logitAtLeast) {
        float objectness = sigmoid(data[first + cell]);
        if (objectness > threshold) {
          if (filter.multiLabel() && classes > 1) {
            collectAll(plane, cell, objectness, filter, found);
          } else {
            collectBest(plane, cell, objectness, filter, found);
          }
        }
      }
    }
  }

  private void collectAll(
      Plane plane, int cell, float objectness, CandidateFilter filter, ScoredBoxesBuilder found) {
    float threshold = filter.confidence();
    float logitAtLeast = atLeast(threshold / objectness);
    for (int c = 0; c < classes; c++) {
      float logit = plane.number(5 + c, cell);
      if (logit >= logitAtLeast) {
        float score = sigmoid(logit) * objectness;
        if (score > threshold && filter.wants(c)) {
          add(plane, cell, score, c, found);
        }
      }
    }
  }

  private void collectBest(
      Plane plane, int cell, float objectness, CandidateFilter filter, ScoredBoxesBuilder found) {
    int best = 0;
    float bestLogit = plane.number(5, cell);
    for (int c = 1; c < classes; c++) {
      float logit = plane.number(5 + c, cell);
      if (logit > bestLogit) {
        best = c;
        bestLogit = logit;
      }
    }
    float score = sigmoid(bestLogit) * objectness;
    if (score > filter.confidence()) {
      // Logits that differ a little, or are large, may give equal scores: the first class counts.
      float tieAtLeast = Math.min(bestLogit, 8f) - 0.05f;
      for (int c = 0; c < best; c++) {
        float logit = plane.number(5 + c, cell);
        if (logit >= tieAtLeast && sigmoid(logit) * objectness == score) {
          best = c;
        }
      }
      if (filter.wants(best)) {
        add(plane, cell, score, best, found);
      }
    }
  }

  private void add(Plane plane, int cell, float score, int classId, ScoredBoxesBuilder found) {
    int at = found.add(score, classId, plane.firstRow + cell);
    float[] box = new float[4];
    plane.box(cell, box);
    Boxes.toCorners(box, 0, found.boxes(), 4 * at);
    for (int m = 0; m < masks; m++) {
      found.coefficients()[masks * at + m] = plane.number(5 + classes + m, cell);
    }
  }

  static float sigmoid(float x) {
    return (float) (1.0 / (1.0 + Math.exp(-x)));
  }

  /** {@return a logit that any probability above the threshold reaches} */
  private static float atLeast(double threshold) {
    double probability = Math.max(0, Math.min(1, threshold) - MARGIN);
    return (float) Math.log(probability / (1 - probability));
  }

  /** One anchor's cells at one level: the numbers of a cell are a plane apart. */
  private static final class Plane {
    private final HeadLevel level;
    private final LevelOutput output;
    private final int anchor;
    private final int start;
    private final int cells;
    private final int firstRow;

    Plane(HeadLevel level, LevelOutput output, int anchor, int start, int firstRow) {
      this.level = level;
      this.output = output;
      this.anchor = anchor;
      this.start = start;
      this.cells = output.height() * output.width();
      this.firstRow = firstRow;
    }

    float number(int k, int cell) {
      return output.data()[start + k * cells + cell];
    }

    /** Centre and size in pixels; the order of operations is upstream's. */
    void box(int cell, float[] into) {
      int column = cell % output.width();
      int row = cell / output.width();
      into[0] = (sigmoid(number(0, cell)) * 2 + (column - 0.5f)) * level.stride();
      into[1] = (sigmoid(number(1, cell)) * 2 + (row - 0.5f)) * level.stride();
      float width = sigmoid(number(2, cell)) * 2;
      float height = sigmoid(number(3, cell)) * 2;
      into[2] = width * width * level.anchorWidth(anchor);
      into[3] = height * height * level.anchorHeight(anchor);
    }
  }
}
