package ai.irmb.internal.postprocess;

import static java.util.Objects.requireNonNull;

/** The mask prototypes of one image. Immutable if its array is. */
public final class Prototypes {
  private final float[] data;
  private final int height;
  private final int width;

  /**
   * @param data (masks, height, width), row-major; not copied, not modified
   * @param height rows
   * @param width columns
   * @throws IllegalArgumentException if the length is not a multiple of height × width
   */
  public Prototypes(float[] data, int height, int width) {
    this.data = requireNonNull(data, "data");
    this.height = height;
    this.width = width;
    if (height < 1 || width < 1 || data.length % (height * width) != 0) {
      throw new IllegalArgumentException(
          data.length + " values are not a multiple of " + height + " x " + width);
    }
  }

  /** {@return (masks, height, width)} */
  public float[] data() {
    return data;
  }

  /** {@return the number of prototypes} */
  public int count() {
    return data.length / (height * width);
  }

  /** {@return rows} */
  public int height() {
    return height;
  }

  /** {@return columns} */
  public int width() {
    return width;
  }
}
