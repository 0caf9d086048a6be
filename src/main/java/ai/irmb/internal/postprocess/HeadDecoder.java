package ai.irmb.internal.postprocess;

import ai.irmb.internal.head.HeadLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes the predictions of a YOLOv5 head into boxes in letterboxed pixels.
 *
 * <p>There is one prediction per anchor and cell. They are ordered by level, then anchor, then cell
 * in row-major order.
 *
 * <p>Immutable and safe for concurrent use.
 */
public final class HeadDecoder {
  private final HeadLayout layout;
  private final List<HeadLevel> levels;

  /**
   * @param layout of every level's channels
   * @param levels in the head's order
   * @throws IllegalArgumentException if there is no level or class, or a level has another number
   *     of anchors
   */
  public HeadDecoder(HeadLayout layout, List<HeadLevel> levels) {
    this.layout = layout;
    this.levels = List.copyOf(levels);
    boolean isValid = !levels.isEmpty() && layout.classes() >= 1 && layout.masks() >= 0;
    if (!isValid || levels.stream().anyMatch(l -> l.anchorCount() != layout.anchors())) {
      throw new IllegalArgumentException(
          "expected a class and levels with the layout's anchors, found " + layout);
    }
  }

  /** {@return the boxes of each image that pass the filter, of raw detection maps} */
  public List<ScoredBoxes> candidates(List<LevelOutput> outputs, CandidateFilter filter) {
    return candidates(select(outputs, filter.confidence()), outputs.get(0).images(layout), filter);
  }

  /**
   * {@return the boxes of each image that pass the filter, in the order of predictions, then
   * classes}
   *
   * @param candidates per level, at least all predictions whose objectness passes
   * @param images in the batch
   */
  public List<ScoredBoxes> candidates(
      List<LevelCandidates> candidates, int images, CandidateFilter filter) {
    List<ScoredBoxesBuilder> builders = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      builders.add(new ScoredBoxesBuilder(64, layout.masks()));
    }
    int firstPrediction = 0;
    for (int i = 0; i < candidates.size(); i++) {
      Decoding decoding = new Decoding(levels.get(i), candidates.get(i), images, firstPrediction);
      for (int candidate = 0; candidate < candidates.get(i).count(); candidate++) {
        decoding.collect(candidate, filter, builders);
      }
      firstPrediction += layout.anchors() * candidates.get(i).cells();
    }
    return builders.stream().map(ScoredBoxesBuilder::build).toList();
  }

  /** {@return the number of predictions per image} */
  public int predictions(List<LevelOutput> outputs) {
    int cells = outputs.stream().mapToInt(o -> o.height() * o.width()).sum();
    return layout.anchors() * cells;
  }

  /**
   * {@return all predictions, (N, predictions, 5 + classes + masks): center x, center y, width and
   * height in letterboxed pixels, objectness and classes after the sigmoid, mask coefficients}
   *
   * @param outputs one per level
   * @throws IllegalArgumentException if the outputs do not fit the head
   */
  public float[] decodeAll(List<LevelOutput> outputs) {
    int images = outputs.get(0).images(layout);
    int perAnchor = layout.valuesPerAnchor();
    int predictions = predictions(outputs);
    List<LevelCandidates> selected = select(outputs, Float.NEGATIVE_INFINITY);
    float[] decoded =
        new float[Math.multiplyExact(images, Math.multiplyExact(predictions, perAnchor))];
    int firstPrediction = 0;
    for (int i = 0; i < selected.size(); i++) {
      LevelCandidates level = selected.get(i);
      Decoding decoding = new Decoding(levels.get(i), level, images, firstPrediction);
      for (int candidate = 0; candidate < level.count(); candidate++) {
        int prediction =
            level.image(candidate, images) * predictions + decoding.prediction(candidate);
        int to = prediction * perAnchor;
        System.arraycopy(level.values(), candidate * perAnchor, decoded, to, perAnchor);
        decoding.box(candidate, decoded, to);
      }
      firstPrediction += layout.anchors() * level.cells();
    }
    return decoded;
  }

  private List<LevelCandidates> select(List<LevelOutput> outputs, float threshold) {
    if (outputs.size() != levels.size()) {
      throw new IllegalArgumentException(
          "the head has " + levels.size() + " levels, not " + outputs.size());
    }
    return outputs.stream().map(o -> LevelCandidates.select(o, layout, threshold)).toList();
  }

  /** Decodes the candidates of one level. */
  private final class Decoding {
    private final HeadLevel level;
    private final LevelCandidates candidates;
    private final int images;
    private final int firstPrediction;

    Decoding(HeadLevel level, LevelCandidates candidates, int images, int firstPrediction) {
      this.level = level;
      this.candidates = candidates;
      this.images = images;
      this.firstPrediction = firstPrediction;
    }

    void collect(int candidate, CandidateFilter filter, List<ScoredBoxesBuilder> builders) {
      float[] values = candidates.values();
      int at = candidate * layout.valuesPerAnchor();
      int firstClass = at + HeadLayout.FIRST_CLASS;
      float objectness = values[at + 4];
      if (!(objectness > filter.confidence())) {
        return;
      }
      ScoredBoxesBuilder into = builders.get(candidates.image(candidate, images));
      if (filter.multiLabel() && layout.classes() > 1) {
        for (int c = 0; c < layout.classes(); c++) {
          add(candidate, c, values[firstClass + c] * objectness, filter, into);
        }
        return;
      }
      int best = 0;
      float bestScore = values[firstClass] * objectness;
      for (int c = 1; c < layout.classes(); c++) {
        float score = values[firstClass + c] * objectness;
        if (score > bestScore) {
          best = c;
          bestScore = score;
        }
      }
      add(candidate, best, bestScore, filter, into);
    }

    private void add(
        int candidate, int classId, float score, CandidateFilter filter, ScoredBoxesBuilder into) {
      if (!(score > filter.confidence() && filter.accepts(classId))) {
        return;
      }
      int index = into.add(score, classId, prediction(candidate));
      float[] box = new float[4];
      box(candidate, box, 0);
      Boxes.toCorners(box, 0, into.boxes(), 4 * index);
      int masks = layout.masks();
      int coefficients = candidate * layout.valuesPerAnchor() + layout.probabilitiesPerAnchor();
      System.arraycopy(
          candidates.values(), coefficients, into.coefficients(), masks * index, masks);
    }

    /** {@return the index of a candidate among the image's predictions} */
    int prediction(int candidate) {
      int cell = candidates.row(candidate) * candidates.width() + candidates.column(candidate);
      return firstPrediction + candidates.anchor(candidate, images) * candidates.cells() + cell;
    }

    /** Writes center and size in letterboxed pixels; the order of operations is YOLOv5's. */
    void box(int candidate, float[] to, int at) {
      float[] values = candidates.values();
      int from = candidate * layout.valuesPerAnchor();
      int anchor = candidates.anchor(candidate, images);
      float width = values[from + 2] * 2;
      float height = values[from + 3] * 2;
      to[at] = (values[from] * 2 + (candidates.column(candidate) - 0.5f)) * level.stride();
      to[at + 1] = (values[from + 1] * 2 + (candidates.row(candidate) - 0.5f)) * level.stride();
      to[at + 2] = width * width * level.anchorWidth(anchor);
      to[at + 3] = height * height * level.anchorHeight(anchor);
    }
  }
}
