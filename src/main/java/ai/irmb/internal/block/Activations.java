package ai.irmb.internal.block;

import ai.irmb.block.Block;
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

/** Activation modules: from text such as {@code nn.LeakyReLU(0.1)}, and from a module tree. */
public final class Activations {
  private static final Pattern CALL =
      Pattern.compile("\\s*(?:torch\\.)?(?:nn\\.)?([A-Za-z0-9]+)\\(([^()]*)\\)\\s*");
  private static final Pattern ARGUMENT =
      Pattern.compile("\\s*(?:([a-z_]+)\\s*=)?\\s*(True|False|[-+0-9.eE]+)\\s*");

  /**
   * One kind of module.
   *
   * @param parameters names of its constructor's parameters, in order
   */
  private record Entry(Kind kind, List<String> parameters) {}

  private static final Map<String, Entry> KNOWN = new LinkedHashMap<>();

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

  private Activations() {}

  private static void add(String name, Kind kind, String... parameters) {
    KNOWN.put(name, new Entry(kind, List.of(parameters)));
  }

  /** {@return the names that {@link #parse} knows} */
  public static List<String> names() {
    return KNOWN.keySet().stream().map(name -> "nn." + name + "()").toList();
  }

  /** {@return the module that the text would make, or empty if it is none of those known} */
  public static Optional<ModuleTree> parse(String text) {
    Matcher call = CALL.matcher(text);
    if (!call.matches()) {
      return Optional.empty();
    }
    Entry entry = KNOWN.get(call.group(1));
    if (entry == null) {
      return Optional.empty();
    }
    TorchModules.Builder module = TorchModules.of("torch.nn.modules.activation." + call.group(1));
    List<String> left = new ArrayList<>(entry.parameters());
    for (String argument : call.group(2).isBlank() ? new String[0] : call.group(2).split(",", -1)) {
      Matcher matcher = ARGUMENT.matcher(argument);
      if (!matcher.matches() || left.isEmpty()) {
        return Optional.empty();
      }
      String name = matcher.group(1) == null ? left.get(0) : matcher.group(1);
      Optional<Object> value = literal(matcher.group(2));
      if (!left.remove(name) || value.isEmpty()) {
        return Optional.empty();
      }
      module.attribute(name, value.get());
    }
    if (entry.kind() == Kind.PRELU) {
      module.tensor("weight", 1);
    }
    return Optional.of(module.build());
  }

  private static Optional<Object> literal(String text) {
    if (text.equals("True") || text.equals("False")) {
      return Optional.of(text.equals("True"));
    }
    try {
      double number = Double.parseDouble(text);
      return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** {@return whether a class of this name is an activation} */
  static boolean isKnown(String className) {
    return KNOWN.containsKey(className);
  }

  /** {@return the block that applies the function of the module} */
  static Block block(ModuleScope scope) {
    return new ActivationBlock(read(scope));
  }

  /** {@return the function that the module stands for} */
  static Activation read(ModuleScope scope) {
    Entry entry = KNOWN.get(scope.tree().simpleName());
    if (entry == null) {
      throw scope.unknownClass();
    }
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
      throw scope.error("its threshold is not 20, the only one that is supported");
    }
    return new Activation(Kind.SOFTPLUS, scope.number("beta", 1), null);
  }

  private static Activation gelu(ModuleScope scope) {
    String approximate = scope.text("approximate", "none");
    if (!approximate.equals("none")) {
      throw scope.error(
          "its approximation \"" + approximate + "\" is not supported, only \"none\"");
    }
    return Activation.of(Kind.GELU);
  }

  /** An activation that stands alone. */
  private record ActivationBlock(Activation function) implements Block {
    @Override
    public <T> T forward(Ops<T> ops, T x) {
      return function.isIdentity() ? x : ops.activation(x, function);
    }
  }
}
