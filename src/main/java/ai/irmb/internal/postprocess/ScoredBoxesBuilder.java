package ai.irmb.internal.postprocess;

import java.util.Arrays;

/** Builds {@link ScoredBoxes} whose number is not known in advance. */
final class ScoredBoxesBuilder {
  private final int masks;
  private int count;
  private float[] boxes;
  private float[] scores;
  private int[] classes;
  private int[] sources;
  private float[] coefficients;

  ScoredBoxesBuilder(int expected, int masks) {
    int capacity = Math.max(1, expected);
    this.masks = masks;
    this.boxes = new float[4 * capacity];
    this.scores = new float[capacity];
    this.classes = new int[capacity];
    this.sources = new int[capacity];
    this.coefficients = new float[masks * capacity];
  }

  /** {@return the index of the new box, whose corners and coefficients must be written next} */
  int add(float score, int classId, int source) {
    if (count == scores.length) {
      int capacity = Math.multiplyExact(2, count);
      boxes = Arrays.copyOf(boxes, Math.multiplyExact(4, capacity));
      scores = Arrays.copyOf(scores, capacity);
      classes = Arrays.copyOf(classes, capacity);
      sources = Arrays.copyOf(sources, capacity);
      coefficients = Arrays.copyOf(coefficients, Math.multiplyExact(masks, capacity));
    }
    scores[count] = score;
    classes[count] = classId;
    sources[count] = source;
    return count++;
  }

  float[] boxes() {
    return boxes;
  }

  float[] coefficients() {
    return coefficients;
  }

  ScoredBoxes build() {
    return build(false);
  }

  ScoredBoxes build(boolean truncated) {
    return new ScoredBoxes(count, boxes, scores, classes, sources, coefficients, masks, truncated);
  }
}
