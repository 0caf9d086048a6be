package ai.irmb.internal.block;

import ai.irmb.block.LayerArguments;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.error.ModelConfigException;
import ai.irmb.internal.config.AnchorValues;
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

/** The arguments of a layer in a model YAML. Immutable. */
public final class YamlLayerArguments implements LayerArguments {
  private static final int MAX_KERNEL = 999;
  private static final int MAX_LIST = 16;

  private final ModelConfig config;
  private final LayerConfig layer;
  private final List<Integer> inputChannels;
  private final BottleneckKind bottleneck;
  private final Predicate<String> hasWeight;

  /**
   * @param config the model YAML
   * @param layer one of its layers
   * @param inputChannels channels of each layer that it reads from
   * @param bottleneck the kind of {@code Bottleneck} in the network
   * @param hasWeight tests whether the weights have a key below this layer, such as {@code
   *     m.0.iRMB.qk.conv.weight}
   */
  public YamlLayerArguments(
      ModelConfig config,
      LayerConfig layer,
      List<Integer> inputChannels,
      BottleneckKind bottleneck,
      Predicate<String> hasWeight) {
    this.config = config;
    this.layer = layer;
    this.inputChannels = List.copyOf(inputChannels);
    this.bottleneck = bottleneck;
    this.hasWeight = hasWeight;
  }

  /** {@return the model YAML} */
  public ModelConfig config() {
    return config;
  }

  @Override
  public String module() {
    return layer.module();
  }

  @Override
  public int repeats() {
    return layer.repeats();
  }

  @Override
  public List<Integer> inputChannels() {
    return inputChannels;
  }

  @Override
  public int inChannels() {
    if (inputChannels.size() != 1) {
      throw error("it reads from one layer, not from " + inputChannels.size());
    }
    return inputChannels.get(0);
  }

  @Override
  public boolean hasIrmbBottlenecks() {
    return bottleneck == BottleneckKind.IRMB;
  }

  @Override
  public boolean hasWeight(String key) {
    return hasWeight.test(key);
  }

  @Override
  public int argumentCount() {
    return layer.args().size();
  }

  @Override
  public ModelConfigException error(String problem) {
    return error(layer.position(), problem);
  }

  private ModelConfigException error(TextPosition position, String problem) {
    return new ModelConfigException(
        position.in(config.source())
            + ": layer "
            + layer.index()
            + " ("
            + Quoting.escapeName(module())
            + "): "
            + problem);
  }

  @Override
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

  /** {@return the error for a block that is not registered, with the most similar name} */
  ModelConfigException unknownModule(Set<String> names) {
    String nearest = "";
    int minDistance = Math.max(2, module().length() / 3) + 1;
    for (String name : names) {
      int distance = module().length() > 100 ? Integer.MAX_VALUE : editDistance(module(), name);
      if (distance < minDistance) {
        minDistance = distance;
        nearest = name;
      }
    }
    return error(
        "no block of this name is registered"
            + (nearest.isEmpty()
                ? "; registered are " + String.join(", ", names)
                : "; did you mean \"" + nearest + "\"?"));
  }

  /** Levenshtein distance that ignores case. */
  private static int editDistance(String a, String b) {
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

  /** The argument, or null if it is missing or None. */
  private @Nullable Value argument(int index) {
    if (index >= argumentCount()) {
      return null;
    }
    Value value = layer.args().get(index);
    return isNone(value) ? null : value;
  }

  private static boolean isNone(Value value) {
    return value instanceof NullValue || isText(value, "None");
  }

  private static boolean isText(@Nullable Value value, String text) {
    return value instanceof StringValue string && string.value().equals(text);
  }

  /** YAML 1.1 reads {@code True} and {@code False} as bool unless they are quoted. */
  private static @Nullable Boolean asBool(@Nullable Value value) {
    if (value instanceof BoolValue bool) {
      return bool.value();
    }
    if (isText(value, "True")) {
      return true;
    }
    return isText(value, "False") ? Boolean.FALSE : null;
  }

  private static boolean isIntegerIn(Value value, int min, int max) {
    return value instanceof IntValue integer && integer.value() >= min && integer.value() <= max;
  }

  /** {@return the value, or 1 and 0 for true and false, which are integers in Python} */
  private static @Nullable Value asNumber(@Nullable Value value) {
    Boolean bool = asBool(value);
    return bool == null || value == null ? value : new IntValue(bool ? 1 : 0, value.position());
  }

  @Override
  public boolean isGiven(int index) {
    return argument(index) != null;
  }

  @Override
  public boolean isInteger(int index) {
    return argument(index) instanceof IntValue;
  }

  @Override
  public boolean isBool(int index) {
    return asBool(argument(index)) != null;
  }

  @Override
  public boolean isText(int index) {
    return argument(index) instanceof StringValue && !isBool(index);
  }

  @Override
  public int integer(int index, String name, int min, int max) {
    Value value = asNumber(argument(index));
    if (isText(value, "nc")) {
      return config.classes();
    }
    if (value instanceof IntValue integer && isIntegerIn(value, min, max)) {
      return (int) integer.value();
    }
    throw argumentError(index, name, "an integer from " + min + " to " + max);
  }

  @Override
  public int scaledChannels(int index) {
    int c = integer(index, "channels", 1, MAX_CHANNELS);
    int headChannels = config.anchorsPerLevel() * (config.classes() + 5);
    int scaled = c == headChannels ? c : config.scaleChannels(c);
    if (scaled > MAX_CHANNELS) {
      throw argumentError(index, "channels", "at most " + MAX_CHANNELS + " after width scaling");
    }
    return scaled;
  }

  @Override
  public boolean bool(int index, String name, boolean defaultValue) {
    Value value = argument(index);
    if (value == null) {
      return defaultValue;
    }
    if (value instanceof IntValue integer) {
      return integer.value() != 0;
    }
    Boolean bool = asBool(value);
    if (bool == null) {
      throw argumentError(index, name, "true or false");
    }
    return bool;
  }

  @Override
  public double number(int index, String name, double defaultValue) {
    Value value = asNumber(argument(index));
    if (value == null) {
      return defaultValue;
    }
    if (value instanceof IntValue integer) {
      return integer.value();
    }
    if (value instanceof DoubleValue number) {
      return number.value();
    }
    throw argumentError(index, name, "a number");
  }

  @Override
  public double expansion(int index, double defaultValue) {
    double e = number(index, "expansion", defaultValue);
    int hidden = (int) (scaledChannels(0) * e);
    if (hidden < 1 || hidden > MAX_CHANNELS) {
      throw argumentError(
          index, "expansion", "a number that gives 1 to " + MAX_CHANNELS + " hidden channels");
    }
    return e;
  }

  @Override
  public String text(int index, String name, String defaultValue) {
    Value value = argument(index);
    if (value == null) {
      return defaultValue;
    }
    if (value instanceof StringValue text) {
      return text.value();
    }
    throw argumentError(index, name, "text");
  }

  @Override
  public Pair pair(int index, String name, int min, Pair defaultValue) {
    if (!isGiven(index)) {
      return defaultValue;
    }
    List<Integer> integers = integers(index, name, min);
    if (integers.size() > 2) {
      throw argumentError(index, name, "one or two integers");
    }
    return new Pair(integers.get(0), integers.get(integers.size() - 1));
  }

  @Override
  public List<Pair> pairs(int index, String name, int min, int count) {
    List<Value> values = argument(index) instanceof ListValue list ? list.values() : List.of();
    List<Pair> pairs = new ArrayList<>();
    for (Value value : values.subList(0, Math.min(count, values.size()))) {
      List<Integer> sides = integers(value, min, MAX_KERNEL, 2);
      if (!sides.isEmpty()) {
        pairs.add(new Pair(sides.get(0), sides.get(sides.size() - 1)));
      }
    }
    if (pairs.size() != count || values.size() != count) {
      throw argumentError(index, name, count + " kernel sizes");
    }
    return pairs;
  }

  @Override
  public List<Integer> integers(int index, String name, int min) {
    Value value = argument(index);
    List<Integer> integers =
        value == null ? List.of() : integers(value, min, MAX_CHANNELS, MAX_LIST);
    if (integers.isEmpty()) {
      throw argumentError(index, name, "integers of at least " + min);
    }
    return integers;
  }

  /** An integer or a list of them; empty if the value is anything else, or too long. */
  private static List<Integer> integers(Value value, int min, int max, int maxCount) {
    List<Value> values = value instanceof ListValue list ? list.values() : List.of(value);
    List<Integer> integers = new ArrayList<>();
    if (values.size() <= maxCount) {
      for (Value element : values) {
        if (asNumber(element) instanceof IntValue integer && isIntegerIn(integer, min, max)) {
          integers.add((int) integer.value());
        }
      }
    }
    return integers.size() == values.size() ? integers : List.of();
  }

  /** {@return the anchors of a head's argument, or the YAML's; empty if there is only a number} */
  List<List<Double>> anchors(int index) {
    Value value = argument(index);
    if (value instanceof ListValue) {
      return AnchorValues.parse(value, config.source());
    }
    return value instanceof IntValue ? List.of() : config.anchors();
  }

  /** {@return the number of anchors per level of a head's argument, or the YAML's} */
  int anchorsPerLevel(int index) {
    Value value = argument(index);
    if (value instanceof ListValue) {
      return anchors(index).get(0).size() / 2;
    }
    if (value == null || isText(value, "anchors")) {
      return config.anchorsPerLevel();
    }
    if (value instanceof IntValue integer && isIntegerIn(value, 1, ModelConfig.MAX_ANCHORS)) {
      return (int) integer.value();
    }
    throw argumentError(index, "anchors", "the word anchors, their number, or a list per level");
  }

  @Override
  public ModuleTree defaultActivation() {
    Optional<String> text = config.activation();
    if (text.isEmpty()) {
      return TorchModules.silu();
    }
    return ActivationModules.parse(text.get())
        .orElseThrow(
            () ->
                new ModelConfigException(
                    config.source()
                        + ": activation: expected one of "
                        + String.join(", ", ActivationModules.names())
                        + ", found "
                        + new StringValue(text.get(), TextPosition.NONE).describe()));
  }

  @Override
  public ModuleTree activation(int index) {
    Value value = argument(index);
    if ((value == null && index >= argumentCount())
        || (value instanceof BoolValue bool && bool.value())) {
      return defaultActivation();
    }
    if (value instanceof StringValue text && !text.value().matches("[a-z0-9_]*")) {
      return ActivationModules.parse(text.value())
          .orElseThrow(
              () ->
                  argumentError(
                      index,
                      "activation",
                      "one of " + String.join(", ", ActivationModules.names())));
    }
    return TorchModules.identity();
  }

  @Override
  public List<String> printedFrom(int index) {
    return layer.args().stream().skip(index).map(this::pythonLiteral).toList();
  }

  private String pythonLiteral(Value value) {
    if (isNone(value)) {
      return "None";
    }
    if (isText(value, "nc")) {
      return String.valueOf(config.classes());
    }
    Boolean word = asBool(value);
    if (word != null) {
      return word ? "True" : "False";
    }
    if (value instanceof StringValue text && ActivationModules.parse(text.value()).isPresent()) {
      return text.value().strip().replace("torch.nn.", "").replace("nn.", "");
    }
    if (value instanceof StringValue text) {
      return "'" + Quoting.escapeName(text.value()) + "'";
    }
    if (value instanceof ListValue list) {
      return list.values().stream().map(this::pythonLiteral).toList().toString();
    }
    return String.valueOf(value.toPlainData());
  }
}
