package ai.irmb.internal.postprocess;

import java.util.ArrayList;
import java.util.List;

/**
 * Decodes rows that the network's program has already picked by their objectness, so that the
 * thousands of others never leave the engine. Gives what {@link HeadDecoder} gives of the whole
 * output. Immutable and safe for concurrent use.
 */
public final class SelectedDecoder {
  private final List<HeadLevel> levels;
  private final int classes;
  private final int masks;

  /**
   * @param levels in the head's order
   * @param classes at least 1
   * @param masks mask coefficients a row; 0 unless the head segments
   */
  public SelectedDecoder(List<HeadLevel> levels, int classes, int masks) {
    this.levels = List.copyOf(levels);
    this.classes = classes;
    this.masks = masks;
  }

  /** The rows that were picked at one level. Immutable if its arrays are. */
  public static final class Level {
    private final float[] values;
    private final long[] places;
    private final int height;
    private final int width;

    /**
     * @param values (n, 5 + classes + masks): x, y, width, height, objectness and classes after the
     *     logistic function, then mask coefficients as they are
     * @param places (n), ascending: indices into (anchors, images, height, width)
     * @param height of the level's map
     * @param width of the level's map
     */
    public Level(float[] values, long[] places, int height, int width) {
      this.values = values;
      this.places = places;
      this.height = height;
      this.width = width;
    }
  }

  /**
   * {@return the boxes of each image that pass the filter, in the order of rows, then classes}
   *
   * @param picked a level each, holding at least all rows whose objectness passes
   * @param images how many images the batch has
   * @param filter what passes
   */
  public List<ScoredBoxes> candidates(List<Level> picked, int images, CandidateFilter filter) {
    List<ScoredBoxesBuilder> builders = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      builders.add(new ScoredBoxesBuilder(64, masks));
    }
    int firstRow = 0;
    for (int i = 0; i < picked.size(); i++) {
      Level level = picked.get(i);
      for (int row = 0; row < level.places.length; row++) {
        collect(levels.get(i), level, row, firstRow, filter, builders);
      }
      firstRow += levels.get(i).anchorCount() * level.height * level.width;
    }
    return builders.stream().map(ScoredBoxesBuilder::build).toList();
  }

  private void collect(
      HeadLevel head,
      Level level,
      int row,
      int firstRow,
      CandidateFilter filter,
      List<ScoredBoxesBuilder> builders) {
    int at = row * (5 + classes + masks);
    float objectness = level.values[at + 4];
    if (!(objectness > filter.confidence())) {
      return;
    }
    long ofImage = level.places[row] / ((long) level.height * level.width);
    ScoredBoxesBuilder into = builders.get((int) (ofImage % builders.size()));
    if (filter.multiLabel() && classes > 1) {
      for (int c = 0; c < classes; c++) {
        float score = level.values[at + 5 + c] * objectness;
        if (score > filter.confidence() && filter.wants(c)) {
          add(head, level, row, builders.size(), firstRow, score, c, into);
        }
      }
      return;
    }
    int best = 0;
    float score = level.values[at + 5] * objectness;
    for (int c = 1; c < classes; c++) {
      float other = level.values[at + 5 + c] * objectness;
      if (other > score) {
        best = c;
        score = other;
      }
    }
    if (score > filter.confidence() && filter.wants(best)) {
      add(head, level, row, builders.size(), firstRow, score, best, into);
    }
  }

  private void add(
      HeadLevel head,
      Level level,
      int row,
      int images,
      int firstRow,
      float score,
      int classId,
      ScoredBoxesBuilder into) {
    long place = level.places[row];
    int x = (int) (place % level.width);
    int y = (int) (place / level.width % level.height);
    int anchor = (int) (place / level.width / level.height / images);
    int source = firstRow + (anchor * level.height + y) * level.width + x;
    int to = into.add(score, classId, source);
    int at = row * (5 + classes + masks);
    float width = level.values[at + 2] * 2;
    float height = level.values[at + 3] * 2;
    float[] box = {
      (level.values[at] * 2 + (x - 0.5f)) * head.stride(),
      (level.values[at + 1] * 2 + (y - 0.5f)) * head.stride(),
      width * width * head.anchorWidth(anchor),
      height * height * head.anchorHeight(anchor)
    };
    Boxes.toCorners(box, 0, into.boxes(), 4 * to);
    System.arraycopy(level.values, at + 5 + classes, into.coefficients(), masks * to, masks);
  }
}
