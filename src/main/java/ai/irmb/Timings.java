package ai.irmb;

/**
 * The time that each stage of detection took for one image, in milliseconds. Immutable.
 *
 * <p>A stage that did not run has 0, such as {@code decode} for an image that was given as pixels.
 * Images that share a forward pass share its time equally, so that times of images can be added.
 * The slices of an image are added up. Waiting for a free inference thread counts for no stage.
 *
 * @param decode reading and decoding the image's file
 * @param letterbox resizing and padding to the network's input
 * @param inference the forward pass, with the selection of candidates; on CUDA also the transfers
 * @param postprocess NMS, masks, boxes in pixels of the image; also the merging of slices
 */
public record Timings(double decode, double letterbox, double inference, double postprocess) {
  /** No stage ran: the timings of detections that did not come from a detector. */
  public static final Timings NONE = new Timings(0, 0, 0, 0);

  private static final double NANOS_PER_MILLI = 1e6;

  /**
   * @throws IllegalArgumentException if a time is negative or not finite
   */
  public Timings {
    for (double time : new double[] {decode, letterbox, inference, postprocess}) {
      if (!(time >= 0 && time < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("time: expected milliseconds from 0 on, found " + time);
      }
    }
  }

  /** {@return the sum of the stages} */
  public double total() {
    return decode + letterbox + inference + postprocess;
  }

  /** {@return the sums of each stage} */
  public Timings plus(Timings other) {
    return new Timings(
        decode + other.decode,
        letterbox + other.letterbox,
        inference + other.inference,
        postprocess + other.postprocess);
  }

  /** {@return the milliseconds since a reading of {@link System#nanoTime}} */
  static double since(long start) {
    return (System.nanoTime() - start) / NANOS_PER_MILLI;
  }
}
