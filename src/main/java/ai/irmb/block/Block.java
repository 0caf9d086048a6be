package ai.irmb.block;

import ai.irmb.ops.Ops;
import java.util.List;

/**
 * A part of a network that computes one feature map from one or more feature maps. Immutable, safe
 * for concurrent use.
 *
 * <p>A block is written once against {@link Ops}; the same code serves eager execution,
 * compilation, ONNX export and the summary.
 */
public interface Block {
  /** {@return the output for one input} */
  <T> T forward(Ops<T> ops, T x);

  /**
   * {@return the output for the inputs that a YAML layer reads from}
   *
   * <p>Override this in a block that takes several inputs.
   */
  default <T> T forward(Ops<T> ops, List<T> inputs) {
    if (inputs.size() != 1) {
      throw new IllegalArgumentException("expected one input, found " + inputs.size());
    }
    return forward(ops, inputs.get(0));
  }
}
