package ai.irmb.internal.ops.torchscript;

import static java.util.Objects.requireNonNull;

import ai.irmb.ops.Activation;
import ai.irmb.ops.Activation.Kind;
import java.util.EnumSet;
import java.util.Set;

/** TorchScript calls of the activations. */
final class Activations {
  private static final Set<Kind> NO_IN_PLACE_FORM = EnumSet.of(Kind.SOFTPLUS, Kind.PRELU);

  private Activations() {}

  /**
   * {@return the expression that applies an activation}
   *
   * @param overwrite whether x may be overwritten
   */
  static String call(InstructionPrinter out, String x, Activation activation, boolean overwrite) {
    if (activation.isIdentity()) {
      return x;
    }
    Kind kind = activation.kind();
    if (kind == Kind.HARDMISH) {
      return "torch.mul(torch.hardtanh(torch.add("
          + x
          + ", 2), 0., 2.), torch.mul("
          + x
          + ", 0.5))";
    }
    String mark = overwrite && !NO_IN_PLACE_FORM.contains(kind) ? "_" : "";
    return "torch." + name(kind) + mark + "(" + x + arguments(out, activation) + ")";
  }

  private static String name(Kind kind) {
    return switch (kind) {
      case IDENTITY, HARDMISH ->
          throw new IllegalArgumentException(kind + " is not one call of PyTorch");
      case SILU -> "silu";
      case RELU -> "relu";
      case RELU6 -> "hardtanh";
      case LEAKY_RELU -> "leaky_relu";
      case HARDSWISH -> "hardswish";
      case HARDSIGMOID -> "hardsigmoid";
      case MISH -> "mish";
      case GELU -> "gelu";
      case ELU -> "elu";
      case SELU -> "selu";
      case SIGMOID -> "sigmoid";
      case TANH -> "tanh";
      case SOFTPLUS -> "softplus";
      case PRELU -> "prelu";
    };
  }

  private static String arguments(InstructionPrinter out, Activation activation) {
    return switch (activation.kind()) {
      case RELU6 -> ", 0., 6.";
      case LEAKY_RELU, ELU -> ", " + activation.parameter();
      case SOFTPLUS -> ", " + activation.parameter() + ", 20.";
      case PRELU ->
          ", "
              + out.weight(WeightExpression.unchanged(requireNonNull(activation.slope(), "slope")));
      default -> "";
    };
  }
}
