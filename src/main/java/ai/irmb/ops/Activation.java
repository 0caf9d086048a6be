package ai.irmb.ops;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * An activation function, as PyTorch defines it. Immutable.
 *
 * @param kind the function
 * @param parameter its parameter: the slope of {@link Kind#LEAKY_RELU}, alpha of {@link Kind#ELU},
 *     beta of {@link Kind#SOFTPLUS}; else 0
 * @param slope the learned slopes of {@link Kind#PRELU}, one or one per channel; else null
 */
public record Activation(Kind kind, double parameter, @Nullable Weight slope) {
  /** The functions. */
  public enum Kind {
    /** x. */
    IDENTITY,
    /** x · σ(x). */
    SILU,
    /** max(x, 0). */
    RELU,
    /** min(max(x, 0), 6). */
    RELU6,
    /** x, or a · x below 0. */
    LEAKY_RELU,
    /** x · relu6(x + 3) / 6. */
    HARDSWISH,
    /** relu6(x + 3) / 6. */
    HARDSIGMOID,
    /** x · tanh(softplus(x)). */
    MISH,
    /** x · min(max(x + 2, 0), 2) / 2. */
    HARDMISH,
    /** x · Φ(x), by the error function. */
    GELU,
    /** x, or a · (eˣ − 1) below 0. */
    ELU,
    /** The self-normalizing ELU with its fixed constants. */
    SELU,
    /** 1 / (1 + e⁻ˣ). */
    SIGMOID,
    /** tanh(x). */
    TANH,
    /** ln(1 + e^(a·x)) / a, and x where a · x is over 20. */
    SOFTPLUS,
    /** x, or a learned slope · x below 0. */
    PRELU
  }

  /** x, unchanged. */
  public static final Activation IDENTITY = new Activation(Kind.IDENTITY, 0, null);

  /** x · σ(x). */
  public static final Activation SILU = new Activation(Kind.SILU, 0, null);

  /** max(x, 0). */
  public static final Activation RELU = new Activation(Kind.RELU, 0, null);

  /** SELU's α, to double precision. */
  public static final double SELU_ALPHA = 1.6732632423543772;

  /** SELU's λ, to double precision. */
  public static final double SELU_SCALE = 1.0507009873554805;

  /**
   * @throws IllegalArgumentException if a PReLU has no slopes, or another function has them
   */
  public Activation {
    requireNonNull(kind, "kind");
    if ((kind == Kind.PRELU) != (slope != null)) {
      throw new IllegalArgumentException("slopes belong to PRELU, not to " + kind);
    }
  }

  /** {@return the function without a parameter} */
  public static Activation of(Kind kind) {
    return new Activation(kind, 0, null);
  }

  /** {@return LeakyReLU with this slope below 0} */
  public static Activation leakyRelu(double slope) {
    return new Activation(Kind.LEAKY_RELU, slope, null);
  }

  /** {@return whether this is the identity} */
  public boolean isIdentity() {
    return kind == Kind.IDENTITY;
  }
}
