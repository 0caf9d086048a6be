package ai.irmb.internal.config;

import java.util.List;

/**
 * One layer of the backbone or head in a model YAML. Immutable.
 *
 * @param index from 0 at the first layer of the backbone
 * @param from the layers whose outputs it reads, as written: −1 is the previous layer, −2 the one
 *     before it; 0 and above is the index of a layer
 * @param isFromList whether {@code from} was written as a list
 * @param number number of repeats, as written
 * @param repeats number of repeats after depth scaling
 * @param module the block's name
 * @param args its arguments, as written
 * @param position position of the layer in the YAML
 */
public record LayerConfig(
    int index,
    List<Integer> from,
    boolean isFromList,
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
   * {@return the indices of the layers that it reads, −1 for the image}
   *
   * <p>They are as written; building the network checks that each comes before this layer.
   */
  public List<Integer> sources() {
    return from.stream().map(f -> f < 0 ? index + f : f).toList();
  }
}
