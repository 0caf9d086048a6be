package ai.irmb.block;

import ai.irmb.error.ModelConfigException;
import ai.irmb.internal.block.Activations;
import ai.irmb.internal.config.BottleneckKind;
import ai.irmb.internal.config.LayerConfig;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.config.TextPosition;
import ai.irmb.internal.config.Value;
import ai.irmb.internal.config.Value.BoolValue;
import ai.irmb.internal.config.Value.DoubleValue;
import ai.irmb.internal.config.Value.IntValue;
import ai.irmb.internal.config.Value.ListValue;
import ai.irmb.internal.config.Value.NullValue;
import ai.irmb.internal.config.Value.StringValue;
import ai.irmb.internal.error.Quoting;
import ai.irmb.ops.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A YAML row as a block's declaration sees it: typed arguments with errors that name their place,
 * and the channels that arrive. Immutable. Arguments count from 0.
 */
public final class LayerArguments {
  public static final int MAX_CHANNELS = 65_536;

  private final ModelConfig modelConfig;
  private final LayerConfig layer;
  private final List<Integer> inputChannels;
  private final BottleneckKind bottleneck;
  private final Predicate<String> weights;

  /**
   * @param spec the file that the row stands in
   * @param layer the row
   * @param inputs channels of each source
   * @param bottleneck which {@code Bottleneck} the network has
   * @param weights tells whether the weights, if there are any, have a key below this layer, {@code
   *     m.0.iRMB.qk.conv.weight}
   */
  public LayerArguments(
      ModelConfig spec,
      LayerConfig layer,
      List<Integer> inputs,
      BottleneckKind bottleneck,
      Predicate<String> weights) {
    this.modelConfig = spec;
    this.layer = layer;
    this.inputChannels = List.copyOf(inputs);
    this.bottleneck = bottleneck;
    this.weights = weights;
  }

  /** {@return the file that the row stands in} */
  public ModelConfig modelConfig() {
    return modelConfig;
  }

  /** {@return the module's name} */
  public String module() {
    return layer.module();
  }

  /** {@return the number of repeats, scaled} */
  public int repeats() {
    return layer.repeats();
  }

  /** {@return the channels of each source} */
  public List<Integer> inputChannels() {
    return inputChannels;
  }

  /** {@return the channels of the one source, c1} */
  public int inChannels() {
    if (inputChannels.size() != 1) {
      throw error("it reads from one layer, not from " + inputChannels.size());
    }
    return inputChannels.get(0);
  }

  /** {@return which {@code Bottleneck} the network has} */
  public BottleneckKind bottleneck() {
    return bottleneck;
  }

  /** {@return whether the weights, where there are any, have this key below the layer} */
  public boolean hasWeight(String key) {
    return weights.test(key);
  }

  /** {@return the number of arguments} */
  public int argumentCount() {
    return layer.args().size();
  }

  /** {@return an error about the row, not yet thrown} */
  public ModelConfigException error(String what) {
    return error(layer.position(), what);
  }

  private ModelConfigException error(TextPosition place, String what) {
    return new ModelConfigException(
        place.in(modelConfig.source())
            + ": layer "
            + layer.index()
            + " ("
            + shown()
            + "): "
            + what);
  }

  private String shown() {
    return Quoting.escapeName(layer.module());
  }

  /** {@return an error about one argument, not yet thrown} */
  public ModelConfigException argumentError(int index, String name, String expected) {
    Value value = argument(index);
    return error(
        value == null ? layer.position() : value.position(),
        "argument "
            + (index + 1)
            + " ("
            + name
            + "): expected "
            + expected
            + ", found "
            + (value == null ? "nothing" : value.describe()));
  }

  /** {@return the error for a module that nobody registered, with the nearest known name} */
  public ModelConfigException unknownModule(Set<String> names) {
    String nearest = "";
    int least = Math.max(2, module().length() / 3) + 1;
    for (String name : names) {
      int distance = module().length() > 100 ? Integer.MAX_VALUE : distance(module(), name);
      if (distance < least) {
        least = distance;
        nearest = name;
      }
    }
    return error(
        "no block of this name is registered"
            + (nearest.isEmpty()
                ? "; known are " + String.join(", ", names)
                : "; did you mean \"" + nearest + "\"?"));
  }

  /** Levenshtein's distance, case counting half as nothing. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        boolean same =
            Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + (same ? 0 : 1));
        diagonal = above;
      }
    }
    return row[b.length()];
  }

  /** The argument, or null if it is not there or Python's None. */
  private @Nullable Value argument(int index) {
    if (index >= layer.args().size()) {
      return null;
    }
    Value value = layer.args().get(index);
    boolean none =
        value instanceof NullValue
            || (value instanceof StringValue text && text.value().equals("None"));
    return none ? null : value;
  }

  /** {@return whether the argument is given and not None} */
  public boolean isGiven(int index) {
    return argument(index) != null;
  }

  /** {@return whether the argument is a whole number} */
  public boolean isInteger(int index) {
    return argument(index) instanceof IntValue;
  }

  /** {@return whether the argument is true or false, not a number} */
  public boolean isBool(int index) {
    Value value = argument(index);
    return value instanceof BoolValue || (value instanceof StringValue text && isPythonFlag(text));
  }

  private static boolean isPythonFlag(StringValue text) {
    return text.value().equals("True") || text.value().equals("False");
  }

  /** {@return an argument that is a whole number, where {@code nc} stands for the classes} */
  public int integer(int index, String name, int least, int most) {
    Value value = argument(index);
    if (value instanceof StringValue text && text.value().equals("nc")) {
      return modelConfig.classes();
    }
    if (value instanceof IntValue whole && whole.value() >= least && whole.value() <= most) {
      return (int) whole.value();
    }
    throw argumentError(index, name, "a whole number from " + least + " to " + most);
  }

  /** {@return the same, or a default when it is not given} */
  public int integer(int index, String name, int least, int most, int otherwise) {
    return isGiven(index) ? integer(index, name, least, most) : otherwise;
  }

  /** {@return an argument that is a number of channels, scaled by the width, c2} */
  public int scaledChannels(int index) {
    int c = integer(index, "channels", 1, MAX_CHANNELS);
    int outputs = modelConfig.anchorsPerLevel() * (modelConfig.classes() + 5);
    int scaled = c == outputs ? c : modelConfig.scaleChannels(c);
    if (scaled > MAX_CHANNELS) {
      throw argumentError(index, "channels", "at most " + MAX_CHANNELS + " after width scaling");
    }
    return scaled;
  }

  /** {@return an argument that is true or false; numbers count as in Python} */
  public boolean bool(int index, String name, boolean otherwise) {
    Value value = argument(index);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof BoolValue flag) {
      return flag.value();
    }
    if (value instanceof IntValue whole) {
      return whole.value() != 0;
    }
    if (value instanceof StringValue text && isPythonFlag(text)) {
      return text.value().equals("True");
    }
    throw argumentError(index, name, "true or false");
  }

  /** {@return an argument that is a number} */
  public double number(int index, String name, double otherwise) {
    Value value = argument(index);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof IntValue whole) {
      return whole.value();
    }
    if (value instanceof DoubleValue real) {
      return real.value();
    }
    throw argumentError(index, name, "a number");
  }

  /**
   * {@return an argument that is the part of argument 0's channels that a block has inside, e}
   *
   * @param otherwise when it is not given
   */
  public double expansion(int index, double otherwise) {
    double e = number(index, "expansion", otherwise);
    int hidden = (int) (scaledChannels(0) * e);
    if (hidden < 1 || hidden > MAX_CHANNELS) {
      throw argumentError(
          index, "expansion", "a number that leaves 1 to " + MAX_CHANNELS + " channels inside");
    }
    return e;
  }

  /** {@return an argument that is a word} */
  public String text(int index, String name, String otherwise) {
    Value value = argument(index);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof StringValue text) {
      return text.value();
    }
    throw argumentError(index, name, "a word");
  }

  /** {@return an argument that is a positive whole number, or one for each direction} */
  public Pair pair(int index, String name, int least, Pair otherwise) {
    Value value = argument(index);
    if (value == null) {
      return otherwise;
    }
    List<Integer> numbers = integers(index, name, least);
    if (numbers.size() > 2) {
      throw argumentError(index, name, "one or two whole numbers");
    }
    return new Pair(numbers.get(0), numbers.get(numbers.size() - 1));
  }

  /** {@return an argument that is a list of kernels, each one whole number or two} */
  public List<Pair> pairs(int index, String name, int least, int count) {
    List<Pair> pairs = new ArrayList<>();
    Value value = argument(index);
    List<Value> values = value instanceof ListValue items ? items.values() : List.of();
    for (Value each : values.subList(0, Math.min(count + 1, values.size()))) {
      List<Integer> sides = sides(each, least);
      if (sides.size() == 1 || sides.size() == 2) {
        pairs.add(new Pair(sides.get(0), sides.get(sides.size() - 1)));
      }
    }
    if (pairs.size() != count || values.size() != count) {
      throw argumentError(index, name, count + " kernel sizes");
    }
    return pairs;
  }

  private static List<Integer> sides(Value value, int least) {
    List<Integer> sides = new ArrayList<>();
    List<Value> values = value instanceof ListValue items ? items.values() : List.of(value);
    for (Value side : values.subList(0, Math.min(3, values.size()))) {
      if (side instanceof IntValue whole && whole.value() >= least && whole.value() <= 999) {
        sides.add((int) whole.value());
      }
    }
    return sides.size() == values.size() ? sides : List.of();
  }

  /** {@return an argument that is a whole number or a list of them, at most 16} */
  public List<Integer> integers(int index, String name, int least) {
    Value value = argument(index);
    List<Value> values =
        value instanceof ListValue items
            ? items.values()
            : value == null ? List.of() : List.of(value);
    List<Integer> numbers = new ArrayList<>();
    for (Value each : values.subList(0, Math.min(17, values.size()))) {
      if (each instanceof IntValue whole
          && whole.value() >= least
          && whole.value() <= MAX_CHANNELS) {
        numbers.add((int) whole.value());
      }
    }
    if (numbers.isEmpty() || numbers.size() != values.size() || numbers.size() > 16) {
      throw argumentError(index, name, "whole numbers of at least " + least);
    }
    return numbers;
  }

  /** {@return the activation of every Conv: the network's, or SiLU} */
  public ModuleTree defaultActivation() {
    Optional<String> text = modelConfig.activation();
    if (text.isEmpty()) {
      return TorchModules.silu();
    }
    return Activations.parse(text.get())
        .orElseThrow(
            () ->
                new ModelConfigException(
                    modelConfig.source()
                        + ": activation: expected one of "
                        + String.join(", ", Activations.names())
                        + ", found "
                        + new StringValue(text.get(), TextPosition.NONE).describe()));
  }

  /**
   * {@return the activation that an argument asks for, as upstream's Conv takes it: true or nothing
   * for the network's, a module by its text, anything else for none}
   */
  public ModuleTree activation(int index) {
    Value value = argument(index);
    if ((value == null && index >= argumentCount())
        || (value instanceof BoolValue flag && flag.value())) {
      return defaultActivation();
    }
    if (value instanceof StringValue text && !text.value().matches("[a-z0-9_]*")) {
      return Activations.parse(text.value())
          .orElseThrow(
              () ->
                  argumentError(
                      index, "activation", "one of " + String.join(", ", Activations.names())));
    }
    return TorchModules.identity();
  }

  /** {@return a list of plain values for upstream's table} */
  static List<@Nullable Object> shown(List<Value> values) {
    List<@Nullable Object> shown = new ArrayList<>();
    for (Value value : values) {
      boolean none = value instanceof StringValue text && text.value().equals("None");
      shown.add(none ? null : value.toPlainData());
    }
    return shown;
  }

  /** {@return the arguments from this one on, for upstream's table} */
  public List<@Nullable Object> printedFrom(int index) {
    return shown(layer.args().subList(Math.min(index, argumentCount()), argumentCount()));
  }
}
