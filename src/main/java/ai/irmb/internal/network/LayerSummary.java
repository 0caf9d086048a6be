package ai.irmb.internal.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table that describes a network. Immutable.
 *
 * @param index of the layer
 * @param from the layers that it reads, as written
 * @param fromList whether that was written as a list
 * @param repeats after depth scaling
 * @param parameters trained numbers
 * @param module the class with its module path
 * @param arguments of the constructor: whole numbers, numbers, text, flags, null, lists; empty
 *     where a checkpoint does not say them
 */
public record LayerSummary(
    int index,
    List<Integer> from,
    boolean fromList,
    int repeats,
    long parameters,
    String module,
    List<@Nullable Object> arguments) {
  /** Copies the lists. */
  public LayerSummary {
    from = List.copyOf(from);
    arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
  }
}
