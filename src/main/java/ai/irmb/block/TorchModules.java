package ai.irmb.block;

import ai.irmb.ops.Pair;
import ai.irmb.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Factory methods for module trees, with the attributes and tensors that PyTorch's constructors
 * create.
 */
public final class TorchModules {
  /** YOLOv5 sets this eps on each batch norm of a network, whatever its constructor set. */
  static final double BATCH_NORM_EPS = 1e-3;

  private TorchModules() {}

  /** Builds a module tree. Not safe for concurrent use. */
  public static final class Builder {
    private final String className;
    private final Map<String, Attribute> attributes = new LinkedHashMap<>();
    private final Map<String, Shape> tensors = new LinkedHashMap<>();
    private final Map<String, ModuleTree> children = new LinkedHashMap<>();

    private Builder(String className) {
      this.className = className;
    }

    /** Sets an attribute. */
    public Builder attribute(String name, Attribute value) {
      attributes.put(name, value);
      return this;
    }

    /** Sets an attribute to true or false. */
    public Builder attribute(String name, boolean value) {
      return attribute(name, Attribute.of(value));
    }

    /** Sets an attribute to an integer. */
    public Builder attribute(String name, long value) {
      return attribute(name, Attribute.of(value));
    }

    /** Sets an attribute to a floating-point number. */
    public Builder attribute(String name, double value) {
      return attribute(name, Attribute.of(value));
    }

    /** Sets an attribute to text. */
    public Builder attribute(String name, String value) {
      return attribute(name, Attribute.of(value));
    }

    /** Sets an attribute to two integers. */
    public Builder attribute(String name, Pair value) {
      return attribute(name, Attribute.listOf(value.h(), value.w()));
    }

    /** Adds a parameter or buffer. */
    public Builder tensor(String name, long... sizes) {
      tensors.put(name, Shape.of(sizes));
      return this;
    }

    /** Adds a submodule. */
    public Builder child(String name, ModuleTree child) {
      children.put(name, child);
      return this;
    }

    /** {@return the module} */
    public ModuleTree build() {
      return new ModuleTree(className, attributes, tensors, children);
    }
  }

  /** {@return a builder for a module of this class, module path included} */
  public static Builder of(String className) {
    return new Builder(className);
  }

  /**
   * {@return {@code nn.Conv2d}}
   *
   * @throws IllegalArgumentException if there are no channels, or the groups do not divide both
   *     numbers of channels
   */
  public static ModuleTree conv2d(
      int in,
      int out,
      Pair kernel,
      Pair stride,
      Pair padding,
      Pair dilation,
      int groups,
      boolean bias) {
    if (in < 1 || out < 1 || groups < 1) {
      throw new IllegalArgumentException(
          "a convolution of " + in + " channels to " + out + " in " + groups + " groups is empty");
    }
    if (in % groups != 0 || out % groups != 0) {
      throw new IllegalArgumentException(
          in + " channels in and " + out + " out are not both multiples of " + groups + " groups");
    }
    Builder conv =
        of("torch.nn.modules.conv.Conv2d")
            .attribute("stride", stride)
            .attribute("padding", padding)
            .attribute("dilation", dilation)
            .attribute("groups", groups)
            .tensor("weight", out, in / groups, kernel.h(), kernel.w());
    return (bias ? conv.tensor("bias", out) : conv).build();
  }

  /** {@return a 1 × 1 {@code nn.Conv2d}} */
  public static ModuleTree pointwise(int in, int out, boolean bias) {
    return conv2d(in, out, Pair.of(1), Pair.of(1), Pair.of(0), Pair.of(1), 1, bias);
  }

  /** {@return {@code nn.BatchNorm2d} with the eps that YOLOv5 sets} */
  public static ModuleTree batchNorm2d(int channels) {
    return of("torch.nn.modules.batchnorm.BatchNorm2d")
        .attribute("eps", BATCH_NORM_EPS)
        .tensor("weight", channels)
        .tensor("bias", channels)
        .tensor("running_mean", channels)
        .tensor("running_var", channels)
        .build();
  }

  /** {@return {@code nn.Linear}} */
  public static ModuleTree linear(int in, int out, boolean bias) {
    Builder linear = of("torch.nn.modules.linear.Linear").tensor("weight", out, in);
    return (bias ? linear.tensor("bias", out) : linear).build();
  }

  /** {@return {@code nn.Identity}} */
  public static ModuleTree identity() {
    return of("torch.nn.modules.linear.Identity").build();
  }

  /** {@return {@code nn.SiLU}} */
  public static ModuleTree silu() {
    return of("torch.nn.modules.activation.SiLU").build();
  }

  /** {@return {@code nn.MaxPool2d}} */
  public static ModuleTree maxPool2d(int kernel, int stride, int padding, boolean ceil) {
    return of("torch.nn.modules.pooling.MaxPool2d")
        .attribute("kernel_size", kernel)
        .attribute("stride", stride)
        .attribute("padding", padding)
        .attribute("ceil_mode", ceil)
        .build();
  }

  /** {@return {@code nn.Sequential}} */
  public static ModuleTree sequential(List<ModuleTree> modules) {
    return container("torch.nn.modules.container.Sequential", modules);
  }

  /** {@return {@code nn.ModuleList}} */
  public static ModuleTree moduleList(List<ModuleTree> modules) {
    return container("torch.nn.modules.container.ModuleList", modules);
  }

  private static ModuleTree container(String className, List<ModuleTree> modules) {
    Builder container = of(className);
    for (int i = 0; i < modules.size(); i++) {
      container.child(String.valueOf(i), modules.get(i));
    }
    return container.build();
  }
}
