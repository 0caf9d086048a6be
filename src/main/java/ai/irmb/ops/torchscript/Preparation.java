package ai.irmb.ops.torchscript;

import ai.irmb.ops.Weight;
import java.util.List;

/**
 * What is done to weights once, before the program runs. Two of them are equal if they do the same
 * to the same weights, and are then done once.
 *
 * @param weights what it reads
 * @param format the expression, with a {@code %s} for each weight
 */
record Preparation(List<Weight> weights, String format) {
  /** {@return the weight in the program's type} */
  static Preparation plain(Weight weight) {
    return new Preparation(List.of(weight), "%s");
  }

  /** {@return one number a channel, shaped to go along a map} */
  static Preparation column(Weight weight) {
    return new Preparation(List.of(weight), "torch.view(%s, [1, -1, 1, 1])");
  }
}
