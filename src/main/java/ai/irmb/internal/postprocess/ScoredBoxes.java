package ai.irmb.internal.postprocess;

import static java.util.Objects.requireNonNull;

/**
 * The boxes of one image, with scores, classes and mask coefficients.
 *
 * <p>The arrays are shared, not copied, and may be written. Not safe for concurrent use while they
 * are.
 */
public final class ScoredBoxes {
  private final int count;
  private final float[] boxes;
  private final float[] scores;
  private final int[] classes;
  private final int[] sources;
  private final float[] coefficients;
  private final int masks;
  private final boolean truncated;

  /**
   * @param count number of boxes, n; the arrays may be longer
   * @param boxes (n, 4)
   * @param scores (n)
   * @param classes (n)
   * @param sources (n)
   * @param coefficients (n, masks)
   * @param masks coefficients per box, at least 0
   * @throws IllegalArgumentException if an array is too short for the count
   */
  public ScoredBoxes(
      int count,
      float[] boxes,
      float[] scores,
      int[] classes,
      int[] sources,
      float[] coefficients,
      int masks) {
    this(count, boxes, scores, classes, sources, coefficients, masks, false);
  }

  ScoredBoxes(
      int count,
      float[] boxes,
      float[] scores,
      int[] classes,
      int[] sources,
      float[] coefficients,
      int masks,
      boolean truncated) {
    this.truncated = truncated;
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
      throw new IllegalArgumentException("an array is too short for " + count + " boxes");
    }
  }

  /** {@return the number of boxes, n; the arrays may be longer} */
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

  /** {@return (n), class ids} */
  public int[] classes() {
    return classes;
  }

  /** {@return (n), the index of the prediction that each box comes from} */
  public int[] sources() {
    return sources;
  }

  /** {@return (n, masks), mask coefficients; empty without masks} */
  public float[] coefficients() {
    return coefficients;
  }

  /** {@return mask coefficients per box; 0 for a model without masks} */
  public int masks() {
    return masks;
  }

  /** {@return whether NMS removed boxes only because of its maximum of candidates or detections} */
  public boolean truncated() {
    return truncated;
  }

  /** {@return the boxes at some indices, in that order, in new arrays} */
  ScoredBoxes select(int[] indices, boolean areTruncated) {
    int n = indices.length;
    ScoredBoxesBuilder out = new ScoredBoxesBuilder(n, masks);
    for (int i : indices) {
      int at = out.add(scores[i], classes[i], sources[i]);
      System.arraycopy(boxes, 4 * i, out.boxes(), 4 * at, 4);
      System.arraycopy(coefficients, masks * i, out.coefficients(), masks * at, masks);
    }
    return out.build(areTruncated);
  }
}
