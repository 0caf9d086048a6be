package ai.irmb.internal.geometry;

/**
 * The positions at which OpenCV's {@code INTER_LINEAR} samples one axis, with pixel centers
 * aligned. Immutable.
 */
public final class OpenCvSampling {
  private final double scale;

  /**
   * @param sourceLength of the axis before the resize, in pixels
   * @param length of the axis after the resize, in pixels
   */
  public OpenCvSampling(int sourceLength, int length) {
    // Two divisions, as in OpenCV: sourceLength / length differs in the last bit.
    this.scale = 1.0 / ((double) length / sourceLength);
  }

  /** {@return the source position of an output pixel; outside the source at its edges} */
  public float position(int index) {
    return (float) ((index + 0.5) * scale - 0.5);
  }
}
