package ai.irmb.internal.network;

import java.util.List;

/**
 * One layer in the summary of a network. Immutable.
 *
 * @param index of the layer
 * @param from the layers that it reads from, as written
 * @param isFromList whether {@code from} was written as a list
 * @param repeats after depth scaling
 * @param parameters the number of trained parameters
 * @param newParameters those that no earlier layer shares
 * @param module the class with its module path
 * @param arguments constructor arguments as Python prints them; empty if a checkpoint does not
 *     contain them
 */
public record LayerSummary(
    int index,
    List<Integer> from,
    boolean isFromList,
    int repeats,
    long parameters,
    long newParameters,
    String module,
    List<String> arguments) {
  /** Copies the lists. */
  public LayerSummary {
    from = List.copyOf(from);
    arguments = List.copyOf(arguments);
  }
}
