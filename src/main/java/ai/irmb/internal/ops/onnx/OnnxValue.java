package ai.irmb.internal.ops.onnx;

import java.util.List;

/**
 * A value of an ONNX graph: a named feature map (N, channels, H, W). Immutable.
 *
 * @param name in the graph
 * @param channels number of channels, or {@link #DYNAMIC}; N, H and W are known only when the graph
 *     runs
 */
public record OnnxValue(String name, int channels) {
  /** The number of channels after they were swapped with a dynamic axis. */
  static final int DYNAMIC = 0;

  /**
   * {@return the number of channels}
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

  /** {@return a concatenation along the channels} */
  static OnnxValue joined(String name, List<OnnxValue> parts) {
    boolean free = parts.stream().anyMatch(part -> part.channels == DYNAMIC);
    return new OnnxValue(name, free ? DYNAMIC : parts.stream().mapToInt(p -> p.channels).sum());
  }

  /** {@return another value with the same number of channels} */
  OnnxValue named(String newName) {
    return new OnnxValue(newName, channels);
  }
}
