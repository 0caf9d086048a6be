package ai.irmb.internal.postprocess;

import static java.util.Objects.requireNonNull;

/**
 * Scored boxes of one image, one a row.
 *
 * <p>The arrays are shared, not copied, and belong to whoever has the rows. Not safe for concurrent
 * use while somebody writes.
 */
public final class ScoredBoxes {
  private final int count;
  private final float[] boxes;
  private final float[] scores;
  private final int[] classes;
  private final int[] sources;
  private final float[] coefficients;
  private final int masks;

  /**
   * @param count number of rows, n; the arrays may be longer
   * @param boxes (n, 4)
   * @param scores (n)
   * @param classes (n)
   * @param sources (n)
   * @param coefficients (n, masks)
   * @param masks coefficients a row, at least 0
   * @throws IllegalArgumentException if an array is shorter than the count asks
   */
  public ScoredBoxes(
      int count,
      float[] boxes,
      float[] scores,
      int[] classes,
      int[] sources,
      float[] coefficients,
      int masks) {
    this.count = count;
    this.boxes = requireNonNull(boxes, "boxes");
    this.scores = requireNonNull(scores, "scores");
    this.classes = requireNonNull(classes, "classes");
    this.sources = requireNonNull(sources, "sources");
    this.coefficients = requireNonNull(coefficients, "coefficients");
    this.masks = masks;
    if (count < 0
        || masks < 0
        || boxes.length < 4L * count
        || scores.length < count
        || classes.length < count
        || sources.length < count
        || coefficients.length < (long) masks * count) {
      throw new IllegalArgumentException("an array is too short for " + count + " rows");
    }
  }

  /** {@return the number of rows, n; the arrays may be longer} */
  public int count() {
    return count;
  }

  /**
   * {@return (n, 4), corners x1 y1 x2 y2; in letterboxed pixels until {@link Boxes#toOriginal} maps
   * them}
   */
  public float[] boxes() {
    return boxes;
  }

  /** {@return (n), objectness × class, in [0, 1]} */
  public float[] scores() {
    return scores;
  }

  /** {@return (n), class numbers from 0} */
  public int[] classes() {
    return classes;
  }

  /** {@return (n), the row of the decoded head that each box comes from} */
  public int[] sources() {
    return sources;
  }

  /** {@return (n, masks), what a segmentation head adds; empty if there are no masks} */
  public float[] coefficients() {
    return coefficients;
  }

  /** {@return mask coefficients a row; 0 unless the head segments} */
  public int masks() {
    return masks;
  }

  /** {@return these rows, in this order, in new arrays} */
  ScoredBoxes select(int[] rows) {
    int n = rows.length;
    ScoredBoxesBuilder out = new ScoredBoxesBuilder(n, masks);
    for (int row : rows) {
      int at = out.add(scores[row], classes[row], sources[row]);
      System.arraycopy(boxes, 4 * row, out.boxes(), 4 * at, 4);
      System.arraycopy(coefficients, masks * row, out.coefficients(), masks * at, masks);
    }
    return out.build();
  }
}
