package ai.irmb.block;

import ai.irmb.ops.Ops;
import java.util.List;

/**
 * A part of a network: feature maps in, one feature map out. Immutable, safe for concurrent use; a
 * block has no idea of the interpretation that runs it.
 */
public interface Block {
  /** {@return the output for one input} */
  <T> T forward(Ops<T> ops, T x);

  /**
   * {@return the output for the inputs that a YAML row names}
   *
   * <p>Blocks take one input unless they override this.
   */
  default <T> T forward(Ops<T> ops, List<T> inputs) {
    if (inputs.size() != 1) {
      throw new IllegalArgumentException("it takes one input, not " + inputs.size());
    }
    return forward(ops, inputs.get(0));
  }
}
