package ai.irmb.internal.postprocess;

import static java.util.Objects.requireNonNull;

/** The stride and the anchors of one detection level. Immutable. */
public final class HeadLevel {
  private final float stride;
  private final float[] anchors;

  /**
   * @param stride letterboxed pixels per cell, positive
   * @param anchors width and height of each anchor, in letterboxed pixels: w0, h0, w1, h1 …; copied
   * @throws IllegalArgumentException if the stride is not positive or there are no pairs of anchors
   */
  public HeadLevel(float stride, float... anchors) {
    this.stride = stride;
    this.anchors = requireNonNull(anchors, "anchors").clone();
    if (!(stride > 0) || anchors.length == 0 || anchors.length % 2 != 0) {
      throw new IllegalArgumentException("a level needs a positive stride and pairs of anchors");
    }
  }

  float stride() {
    return stride;
  }

  int anchorCount() {
    return anchors.length / 2;
  }

  float anchorWidth(int anchor) {
    return anchors[2 * anchor];
  }

  float anchorHeight(int anchor) {
    return anchors[2 * anchor + 1];
  }
}
