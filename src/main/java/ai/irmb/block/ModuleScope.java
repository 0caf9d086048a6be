package ai.irmb.block;

import ai.irmb.error.WeightsException;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Pair;
import ai.irmb.ops.Weight;
import java.util.List;

/**
 * A module with its weights, as a {@link BlockType.Reader} reads it. Not safe for concurrent use.
 *
 * <p>A scope records which children and tensors were read. If any was neither read nor ignored,
 * loading fails, because the module is then another block of the same name.
 */
public interface ModuleScope {
  /** {@return the module} */
  ModuleTree module();

  /** {@return the path of the module in the network: {@code model.18.qk}} */
  String path();

  /** {@return whether there is a child of this name} */
  boolean hasChild(String name);

  /** {@return whether there is a parameter or buffer of this name} */
  boolean hasWeight(String name);

  /** {@return the names of the children, in order} */
  List<String> childNames();

  /** {@return the scope of a child; the same one each time} */
  ModuleScope child(String name);

  /** {@return a child as the block of its class} */
  Block block(String name);

  /** {@return the children of a list or sequence as blocks, in order} */
  List<Block> blocks(String name);

  /** {@return the function of a child that is an activation module} */
  Activation activation(String name);

  /** Ignores children and tensors that have no effect on inference, such as dropout. */
  void ignore(String... names);

  /** {@return a parameter or buffer} */
  Weight weight(String name);

  /** {@return a text attribute, or the default} */
  String text(String name, String defaultValue);

  /** {@return an attribute converted to bool as in Python, or the default} */
  boolean bool(String name, boolean defaultValue);

  /** {@return a numeric attribute, or the default} */
  double number(String name, double defaultValue);

  /** {@return an integer attribute, or the default} */
  int integer(String name, int defaultValue);

  /** {@return an attribute with one integer for both directions, or two, or the default} */
  Pair pair(String name, Pair defaultValue);

  /** {@return an attribute that is a number or a list of numbers; empty if it is missing} */
  List<Double> numbers(String name);

  /** {@return an attribute that is an integer or a list of integers; empty if it is missing} */
  List<Integer> integers(String name);

  /** {@return the module as an {@code nn.Conv2d}, followed by an activation} */
  Conv2dParams conv2d(Activation activation);

  /** {@return an error about this module, for the caller to throw} */
  WeightsException error(String problem);
}
