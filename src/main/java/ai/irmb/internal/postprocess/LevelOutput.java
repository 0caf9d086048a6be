package ai.irmb.internal.postprocess;

import static java.util.Objects.requireNonNull;

import ai.irmb.internal.head.HeadLayout;

/** The raw detection map of one level, for a batch. Immutable if its array is. */
public final class LevelOutput {
  private final float[] data;
  private final int height;
  private final int width;

  /**
   * @param data (N, anchors · (5 + classes + masks), height, width), row-major; not copied
   * @param height of the map
   * @param width of the map
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

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  /** {@return the number of images, N} */
  int images(HeadLayout layout) {
    int perImage = layout.anchors() * layout.valuesPerAnchor() * height * width;
    if (data.length == 0 || data.length % perImage != 0) {
      throw new IllegalArgumentException(
          "a level of "
              + height
              + " x "
              + width
              + " cells: expected a multiple of "
              + perImage
              + " values, found "
              + data.length);
    }
    return data.length / perImage;
  }
}
