package ai.irmb.block;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The modules, output channels and constructor arguments of a YAML layer. Immutable.
 *
 * @param module the module that the constructor creates
 * @param outChannels channels of the output
 * @param arguments constructor arguments as Python prints them, for the summary
 * @param takesRepeats whether the constructor takes the layer's number of repeats; otherwise the
 *     module is repeated in an {@code nn.Sequential}
 */
public record LayerDeclaration(
    ModuleTree module, int outChannels, List<String> arguments, boolean takesRepeats) {
  /** Copies the arguments. */
  public LayerDeclaration {
    requireNonNull(module, "module");
    arguments = List.copyOf(arguments);
  }

  /** {@return a declaration with these constructor arguments} */
  public static LayerDeclaration of(ModuleTree module, int outChannels, Object... arguments) {
    return new LayerDeclaration(
        module, outChannels, Arrays.stream(arguments).map(String::valueOf).toList(), false);
  }

  /** {@return a declaration whose constructor arguments are those of the YAML layer} */
  public static LayerDeclaration ofLayer(
      LayerArguments arguments, ModuleTree module, int outChannels) {
    return new LayerDeclaration(module, outChannels, arguments.printedFrom(0), false);
  }

  /**
   * {@return a declaration of a block whose constructor takes the input channels, the output
   * channels and the YAML layer's arguments after the first}
   */
  public static LayerDeclaration ofChannels(
      LayerArguments arguments, ModuleTree module, int outChannels) {
    List<String> printed = new ArrayList<>();
    printed.add(String.valueOf(arguments.inChannels()));
    printed.add(String.valueOf(outChannels));
    printed.addAll(arguments.printedFrom(1));
    return new LayerDeclaration(module, outChannels, printed, false);
  }

  /** {@return the same for a constructor that takes the number of repeats as third argument} */
  public static LayerDeclaration ofRepeated(
      LayerArguments arguments, ModuleTree module, int outChannels) {
    List<String> printed = new ArrayList<>(ofChannels(arguments, module, outChannels).arguments());
    printed.add(2, String.valueOf(arguments.repeats()));
    return new LayerDeclaration(module, outChannels, printed, true);
  }
}
