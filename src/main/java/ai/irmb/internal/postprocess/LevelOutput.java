package ai.irmb.internal.postprocess;

import static java.util.Objects.requireNonNull;

/** What the head's convolution gives at one level, for a batch. Immutable if its array is. */
public final class LevelOutput {
  private final float[] data;
  private final int height;
  private final int width;

  /**
   * @param data (N, anchors × numbers, height, width), row-major; not copied, not modified
   * @param height cells from top to bottom
   * @param width cells from left to right
   * @throws IllegalArgumentException if a side is not positive
   */
  public LevelOutput(float[] data, int height, int width) {
    this.data = requireNonNull(data, "data");
    this.height = height;
    this.width = width;
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException("a level has " + height + " x " + width + " cells");
    }
  }

  float[] data() {
    return data;
  }

  /** {@return cells from top to bottom} */
  public int height() {
    return height;
  }

  /** {@return cells from left to right} */
  public int width() {
    return width;
  }
}
