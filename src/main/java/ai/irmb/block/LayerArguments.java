package ai.irmb.block;

import ai.irmb.error.ModelConfigException;
import ai.irmb.ops.Pair;
import java.util.List;

/**
 * The arguments of a YAML layer and its input channels. Immutable; arguments are numbered from 0.
 *
 * <p>A getter of an argument throws a {@link ModelConfigException} with file, line and column if
 * the argument has another type or is out of range. An argument that is missing or {@code None} has
 * the default.
 */
public interface LayerArguments {
  /** The maximum number of channels that a layer can have. */
  int MAX_CHANNELS = 65_536;

  /** {@return the name of the block in the YAML} */
  String module();

  /** {@return the number of repeats after depth scaling} */
  int repeats();

  /** {@return the channels of each layer that this layer reads from} */
  List<Integer> inputChannels();

  /** {@return the input channels of a block with one input, c1} */
  int inChannels();

  /** {@return whether {@code Bottleneck} has an iRMB inside, in this network} */
  boolean hasIrmbBottlenecks();

  /**
   * {@return whether the weights have this key below the layer, such as {@code
   * m.0.iRMB.qk.conv.weight}; false if there are no weights}
   */
  boolean hasWeight(String key);

  /** {@return the number of arguments} */
  int argumentCount();

  /** {@return whether the argument is present and not None} */
  boolean isGiven(int index);

  /** {@return whether the argument is an integer} */
  boolean isInteger(int index);

  /** {@return whether the argument is true or false, not a number} */
  boolean isBool(int index);

  /** {@return whether the argument is text} */
  boolean isText(int index);

  /** {@return an integer argument; {@code nc} is the number of classes} */
  int integer(int index, String name, int min, int max);

  /** {@return an integer argument, or the default} */
  default int integer(int index, String name, int min, int max, int defaultValue) {
    return isGiven(index) ? integer(index, name, min, max) : defaultValue;
  }

  /** {@return an argument with a number of channels, after width scaling, c2} */
  int scaledChannels(int index);

  /** {@return a boolean argument, or the default; numbers are converted as in Python} */
  boolean bool(int index, String name, boolean defaultValue);

  /** {@return a numeric argument, or the default} */
  double number(int index, String name, double defaultValue);

  /**
   * {@return an expansion argument e, or the default: the hidden channels divided by the output
   * channels, which are argument 0}
   */
  double expansion(int index, double defaultValue);

  /** {@return a text argument, or the default} */
  String text(int index, String name, String defaultValue);

  /** {@return an argument with one integer for both directions, or two, or the default} */
  Pair pair(int index, String name, int min, Pair defaultValue);

  /** {@return an argument that is a list of kernel sizes, each one integer or two} */
  List<Pair> pairs(int index, String name, int min, int count);

  /** {@return an argument that is an integer or a list of at most 16 integers} */
  List<Integer> integers(int index, String name, int min);

  /** {@return the default activation module of a Conv: the network's, or SiLU} */
  ModuleTree defaultActivation();

  /**
   * {@return the activation module of an argument as YOLOv5's Conv interprets it: the network's if
   * it is missing or true, the module of a text such as {@code nn.ReLU()}, otherwise none}
   */
  ModuleTree activation(int index);

  /** {@return the arguments from this index on, as Python prints them} */
  List<String> printedFrom(int index);

  /** {@return an error about the layer, for the caller to throw} */
  ModelConfigException error(String problem);

  /** {@return an error about an argument, for the caller to throw} */
  ModelConfigException argumentError(int index, String name, String expected);
}
