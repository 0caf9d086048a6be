package ai.irmb.internal.block;

import ai.irmb.block.Attribute;
import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.block.LayerArguments;
import ai.irmb.block.LayerDeclaration;
import ai.irmb.block.ModuleScope;
import ai.irmb.block.ModuleTree;
import ai.irmb.block.TorchModules;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Activation.Kind;
import ai.irmb.ops.Ops;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The activation modules of PyTorch: parsed from text such as {@code nn.LeakyReLU(0.1)}, and read.
 */
final class ActivationModules {
  private static final int MAX_LENGTH = 200;

  // Possessive quantifiers, which do not backtrack: the text may be chosen to be slow.
  private static final Pattern CALL =
      Pattern.compile("\\s*+(?:torch\\.)?+(?:nn\\.)?+([A-Za-z0-9]++)\\(([^()]*+)\\)\\s*+");
  private static final Pattern ARGUMENT =
      Pattern.compile("\\s*+(?:([a-z_]++)\\s*+=)?+\\s*+(True|False|[-+0-9.eE]++)\\s*+");

  private static final String CLASS_PREFIX = "torch.nn.modules.activation.";

  /**
   * An activation module.
   *
   * @param kind its function
   * @param parameters the names of its constructor's parameters, in order
   */
  private record Entry(Kind kind, List<String> parameters) {}

  private static final Map<String, Entry> MODULES = new LinkedHashMap<>();

  static {
    add("Identity", Kind.IDENTITY);
    add("SiLU", Kind.SILU, "inplace");
    add("ReLU", Kind.RELU, "inplace");
    add("ReLU6", Kind.RELU6, "inplace");
    add("LeakyReLU", Kind.LEAKY_RELU, "negative_slope", "inplace");
    add("Hardswish", Kind.HARDSWISH, "inplace");
    add("Hardsigmoid", Kind.HARDSIGMOID, "inplace");
    add("Mish", Kind.MISH, "inplace");
    add("GELU", Kind.GELU);
    add("ELU", Kind.ELU, "alpha", "inplace");
    add("SELU", Kind.SELU, "inplace");
    add("Sigmoid", Kind.SIGMOID);
    add("Tanh", Kind.TANH);
    add("Softplus", Kind.SOFTPLUS, "beta", "threshold");
    add("PReLU", Kind.PRELU, "num_parameters", "init");
  }

  /** The functions of classes outside torch, in timm and in YOLOv5, which only pickles contain. */
  private static final Map<String, Entry> OTHER_CLASSES =
      Map.of(
          "Swish", new Entry(Kind.SILU, List.of()),
          "MemoryEfficientSwish", new Entry(Kind.SILU, List.of()),
          "MemoryEfficientMish", new Entry(Kind.MISH, List.of()),
          "HardSwish", new Entry(Kind.HARDSWISH, List.of()),
          "HardSigmoid", new Entry(Kind.HARDSIGMOID, List.of()),
          "HardMish", new Entry(Kind.HARDMISH, List.of()));

  private ActivationModules() {}

  private static void add(String name, Kind kind, String... parameters) {
    MODULES.put(name, new Entry(kind, List.of(parameters)));
  }

  /** {@return the names that {@link #parse} accepts} */
  static List<String> names() {
    return MODULES.keySet().stream().map(name -> "nn." + name + "()").toList();
  }

  /** {@return the module that the text constructs, or empty if it is not an activation} */
  static Optional<ModuleTree> parse(CharSequence text) {
    Matcher call = CALL.matcher(text);
    if (text.length() > MAX_LENGTH || !call.matches()) {
      return Optional.empty();
    }
    Entry entry = MODULES.get(call.group(1));
    if (entry == null) {
      return Optional.empty();
    }
    TorchModules.Builder module = TorchModules.of(CLASS_PREFIX + call.group(1));
    List<String> unassigned = new ArrayList<>(entry.parameters());
    for (String argument : call.group(2).isBlank() ? new String[0] : call.group(2).split(",", -1)) {
      Matcher matcher = ARGUMENT.matcher(argument);
      if (!matcher.matches() || unassigned.isEmpty()) {
        return Optional.empty();
      }
      String name = matcher.group(1) == null ? unassigned.get(0) : matcher.group(1);
      Optional<Attribute> value = literal(matcher.group(2));
      if (!unassigned.remove(name) || value.isEmpty()) {
        return Optional.empty();
      }
      module.attribute(name, value.get());
    }
    if (entry.kind() == Kind.PRELU) {
      module.tensor("weight", 1);
    }
    return Optional.of(module.build());
  }

  private static Optional<Attribute> literal(String text) {
    if (text.equals("True") || text.equals("False")) {
      return Optional.of(Attribute.of(text.equals("True")));
    }
    try {
      double number = Double.parseDouble(text);
      return Double.isFinite(number) ? Optional.of(Attribute.of(number)) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** {@return the block types of all activation modules} */
  static List<BlockType> types() {
    List<BlockType> types = new ArrayList<>();
    MODULES.forEach(
        (name, entry) ->
            types.add(
                new BlockType(
                    "nn." + name,
                    arguments -> declare(name, entry, arguments),
                    scope -> new ActivationBlock(function(entry, scope)))));
    OTHER_CLASSES.forEach(
        (name, entry) ->
            types.add(BlockType.inner(name, scope -> new ActivationBlock(function(entry, scope)))));
    return types;
  }

  private static LayerDeclaration declare(String name, Entry entry, LayerArguments arguments) {
    TorchModules.Builder module = TorchModules.of(CLASS_PREFIX + name);
    int count = arguments.argumentCount();
    if (count > entry.parameters().size()) {
      throw arguments.error(
          "it has at most " + entry.parameters().size() + " arguments, found " + count);
    }
    for (int i = 0; i < count; i++) {
      String parameter = entry.parameters().get(i);
      if (arguments.isBool(i)) {
        module.attribute(parameter, arguments.bool(i, parameter, false));
      } else if (arguments.isGiven(i)) {
        module.attribute(parameter, arguments.number(i, parameter, 0));
      }
    }
    if (entry.kind() == Kind.PRELU) {
      int slopes = arguments.integer(0, "num_parameters", 1, LayerArguments.MAX_CHANNELS, 1);
      if (slopes != 1 && slopes != arguments.inChannels()) {
        throw arguments.argumentError(
            0, "num_parameters", "1 or the channels, " + arguments.inChannels());
      }
      module.tensor("weight", slopes);
    }
    return LayerDeclaration.ofLayer(arguments, module.build(), arguments.inChannels());
  }

  /** {@return the function of an activation module} */
  static Activation read(CheckedModuleScope scope) {
    String name = scope.module().simpleName();
    Entry entry = MODULES.containsKey(name) ? MODULES.get(name) : OTHER_CLASSES.get(name);
    if (entry == null) {
      throw scope.unknownClass();
    }
    return function(entry, scope);
  }

  private static Activation function(Entry entry, ModuleScope scope) {
    return switch (entry.kind()) {
      case LEAKY_RELU -> Activation.leakyRelu(scope.number("negative_slope", 0.01));
      case ELU -> new Activation(Kind.ELU, scope.number("alpha", 1), null);
      case SOFTPLUS -> softplus(scope);
      case PRELU -> new Activation(Kind.PRELU, 0, scope.weight("weight"));
      case GELU -> gelu(scope);
      default -> Activation.of(entry.kind());
    };
  }

  private static Activation softplus(ModuleScope scope) {
    if (scope.number("threshold", 20) != 20) {
      throw scope.error("threshold: expected 20, the only supported value");
    }
    return new Activation(Kind.SOFTPLUS, scope.number("beta", 1), null);
  }

  private static Activation gelu(ModuleScope scope) {
    String approximate = scope.text("approximate", "none");
    if (!approximate.equals("none")) {
      throw scope.error(
          "approximate: expected \"none\", the only supported value, found \""
              + approximate
              + "\"");
    }
    return Activation.of(Kind.GELU);
  }

  /** An activation that is a layer of its own. */
  private record ActivationBlock(Activation function) implements Block {
    @Override
    public <T> T forward(Ops<T> ops, T x) {
      return function.isIdentity() ? x : ops.activation(x, function);
    }
  }
}
