package ai.irmb.internal.ops.onnx;

import java.util.List;

/**
 * What flows through an ONNX graph: a named map (N, channels, H, W). Immutable.
 *
 * @param name in the graph
 * @param channels how many it has, or {@link #DYNAMIC}; N, H and W are known only when the graph
 *     runs
 */
public record OnnxValue(String name, int channels) {
  /** Where an axis that stays free took the channels' place. */
  static final int DYNAMIC = 0;

  /**
   * {@return how many channels it has}
   *
   * @throws IllegalArgumentException if that is known only when the graph runs
   */
  @Override
  public int channels() {
    if (channels == DYNAMIC) {
      throw new IllegalArgumentException(
          name + ": an operation that has to know the channels follows exchanged axes");
    }
    return channels;
  }

  /** {@return a value with the channels of all these} */
  static OnnxValue joined(String name, List<OnnxValue> parts) {
    boolean free = parts.stream().anyMatch(part -> part.channels == DYNAMIC);
    return new OnnxValue(name, free ? DYNAMIC : parts.stream().mapToInt(p -> p.channels).sum());
  }

  /** {@return another value with as many channels} */
  OnnxValue named(String newName) {
    return new OnnxValue(newName, channels);
  }
}
