package ai.irmb.block;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a YAML row stands for. Immutable.
 *
 * @param module the modules that the constructor makes
 * @param outChannels channels of the output
 * @param arguments of the constructor, as upstream's table prints them
 * @param takesRepeats whether the row's number is an argument of the block; otherwise the block is
 *     put in a sequence that often
 */
public record LayerDeclaration(
    ModuleTree module, int outChannels, List<@Nullable Object> arguments, boolean takesRepeats) {
  /** Copies the arguments. */
  public LayerDeclaration {
    requireNonNull(module, "tree");
    arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
  }

  /** {@return the block, repeated by a sequence if the row says so} */
  public static LayerDeclaration of(
      ModuleTree tree, int outChannels, @Nullable Object... arguments) {
    return new LayerDeclaration(
        tree, outChannels, Collections.unmodifiableList(java.util.Arrays.asList(arguments)), false);
  }

  /** {@return the same, for a block that takes the number of repeats itself} */
  public LayerDeclaration repeatingInside() {
    return new LayerDeclaration(module, outChannels, arguments, true);
  }
}
