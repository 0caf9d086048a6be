package ai.irmb.internal.config;

import java.util.List;

/**
 * One row of a backbone or head. Immutable.
 *
 * @param index from 0 at the first layer of the backbone
 * @param from the layers whose outputs it reads, as written: −1 is the layer before, −2 the one
 *     before that, 0 and up a layer's index
 * @param fromList whether {@code from} was written as a list
 * @param number how often it is repeated, as written
 * @param repeats the same after depth scaling
 * @param module the block's name
 * @param args its arguments, as written
 * @param position where the row stands
 */
public record LayerConfig(
    int index,
    List<Integer> from,
    boolean fromList,
    int number,
    int repeats,
    String module,
    List<Value> args,
    TextPosition position) {
  /** Copies the lists. */
  public LayerConfig {
    from = List.copyOf(from);
    args = List.copyOf(args);
  }

  /**
   * {@return the indexes of the layers that it reads, −1 for the image}
   *
   * <p>{@link ModelConfig} has checked that each lies before this layer.
   */
  public List<Integer> sources() {
    return from.stream().map(f -> f < 0 ? index + f : f).toList();
  }
}
