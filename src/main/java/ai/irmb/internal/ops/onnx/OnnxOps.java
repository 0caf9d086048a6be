package ai.irmb.internal.ops.onnx;

import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.ConvTranspose2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Pair;
import ai.irmb.ops.Reduction;
import ai.irmb.ops.Upsampling;
import ai.irmb.ops.Weight;
import ai.irmb.ops.WindowGrid;
import ai.irmb.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations as nodes of an ONNX graph. Batch norms are folded into convolutions, since a
 * runtime would fold them itself in single precision. Not safe for concurrent use.
 */
public final class OnnxOps implements Ops<OnnxValue> {
  private final OnnxGraph graph;

  /**
   * @param graph receives the nodes
   */
  public OnnxOps(OnnxGraph graph) {
    this.graph = graph;
  }

  @Override
  public OnnxValue conv2d(OnnxValue x, Conv2dParams p) {
    OnnxNode conv = sliding("Conv", p.kernel(), p.stride(), p.padding(), p.dilation(), p.groups());
    String y = withBias(conv, x, p.weight(), p.bias());
    return new OnnxValue(activate(y, p.activation()), p.outChannels());
  }

  @Override
  public OnnxValue convTranspose2d(OnnxValue x, ConvTranspose2dParams p) {
    OnnxNode conv =
        sliding("ConvTranspose", p.kernel(), p.stride(), p.padding(), p.dilation(), p.groups())
            .withAll("output_padding", p.outputPadding().h(), p.outputPadding().w());
    return new OnnxValue(withBias(conv, x, p.weight(), p.bias()), p.outChannels());
  }

  private static OnnxNode sliding(
      String operator, Pair kernel, Pair stride, Pair padding, Pair dilation, int groups) {
    return new OnnxNode(operator)
        .withAll("kernel_shape", kernel.h(), kernel.w())
        .withAll("strides", stride.h(), stride.w())
        .withAll("pads", padding.h(), padding.w(), padding.h(), padding.w())
        .withAll("dilations", dilation.h(), dilation.w())
        .with("group", groups);
  }

  private String withBias(OnnxNode conv, OnnxValue x, Weight weight, @Nullable Weight bias) {
    return bias == null
        ? graph.add(conv, x.name(), graph.weight(weight))
        : graph.add(conv, x.name(), graph.weight(weight), graph.weight(bias));
  }

  @Override
  public OnnxValue scaleShift(OnnxValue x, Weight scale, Weight shift) {
    return x.named(scaled(x.name(), scale, shift));
  }

  private String scaled(String x, Weight scale, Weight shift) {
    String y = graph.add("Mul", x, graph.perChannel(scale));
    return graph.add("Add", y, graph.perChannel(shift));
  }

  @Override
  public OnnxValue channelNorm(OnnxValue x, Weight scale, Weight shift, double eps) {
    return x.named(scaled(normalize(x.name(), eps, 1), scale, shift));
  }

  @Override
  public OnnxValue instanceNorm(OnnxValue x, double eps) {
    return x.named(normalize(x.name(), eps, 2, 3));
  }

  private String normalize(String x, double eps, long... axes) {
    String centered = graph.add("Sub", x, mean(x, axes));
    String variance = mean(graph.add("Mul", centered, centered), axes);
    String deviation = graph.add("Sqrt", graph.add("Add", variance, graph.scalar(eps)));
    return graph.add("Div", centered, deviation);
  }

  private String mean(String x, long... axes) {
    return reduced("ReduceMean", x, axes);
  }

  /** The axes became an input in operator set 18. */
  private String reduced(String operator, String x, long... axes) {
    OnnxNode node = new OnnxNode(operator).with("keepdims", 1);
    return graph.opset() < 18
        ? graph.add(node.withAll("axes", axes), x)
        : graph.add(node, x, graph.integers(axes));
  }

  @Override
  public OnnxValue activation(OnnxValue x, Activation activation) {
    return x.named(activate(x.name(), activation));
  }

  private String activate(String x, Activation activation) {
    double a = activation.parameter();
    return switch (activation.kind()) {
      case IDENTITY -> x;
      case SILU -> graph.add("Mul", x, graph.add("Sigmoid", x));
      case RELU -> graph.add("Relu", x);
      case RELU6 -> graph.add("Clip", x, graph.scalar(0), graph.scalar(6));
      case LEAKY_RELU -> graph.add(new OnnxNode("LeakyRelu").with("alpha", a), x);
      case HARDSWISH -> graph.add("Mul", x, hardSigmoid(x));
      case HARDSIGMOID -> hardSigmoid(x);
      case HARDMISH -> {
        String moved = graph.add("Add", x, graph.scalar(2));
        String gate = graph.add("Clip", moved, graph.scalar(0), graph.scalar(2));
        yield graph.add("Mul", gate, graph.add("Mul", x, graph.scalar(0.5)));
      }
      case MISH -> graph.add("Mul", x, graph.add("Tanh", graph.add("Softplus", x)));
      case GELU -> gelu(x);
      case ELU -> graph.add(new OnnxNode("Elu").with("alpha", a), x);
      case SELU ->
          graph.add(
              new OnnxNode("Selu")
                  .with("alpha", Activation.SELU_ALPHA)
                  .with("gamma", Activation.SELU_SCALE),
              x);
      case SIGMOID -> graph.add("Sigmoid", x);
      case TANH -> graph.add("Tanh", x);
      case SOFTPLUS -> {
        String soft = graph.add("Softplus", graph.add("Mul", x, graph.scalar(a)));
        yield graph.add("Div", soft, graph.scalar(a));
      }
      case PRELU -> prelu(x, activation.slope());
    };
  }

  private String hardSigmoid(String x) {
    return graph.add(new OnnxNode("HardSigmoid").with("alpha", 1 / 6.0).with("beta", 0.5), x);
  }

  private String gelu(String x) {
    String erf = graph.add("Erf", graph.add("Mul", x, graph.scalar(Math.sqrt(0.5))));
    String twice = graph.add("Mul", x, graph.add("Add", erf, graph.scalar(1)));
    return graph.add("Mul", twice, graph.scalar(0.5));
  }

  private String prelu(String x, @Nullable Weight slope) {
    if (slope == null) {
      throw new IllegalArgumentException("PReLU without slopes");
    }
    return graph.add("PRelu", x, graph.perChannel(slope));
  }

  @Override
  public OnnxValue add(OnnxValue a, OnnxValue b) {
    return a.named(graph.add("Add", a.name(), b.name()));
  }

  @Override
  public OnnxValue multiply(OnnxValue a, OnnxValue b) {
    return a.named(graph.add("Mul", a.name(), b.name()));
  }

  @Override
  public OnnxValue concat(List<OnnxValue> parts, int axis) {
    String[] names = parts.stream().map(OnnxValue::name).toArray(String[]::new);
    String y = graph.add(new OnnxNode("Concat").with("axis", axis), names);
    return axis == 1 ? OnnxValue.joined(y, parts) : parts.get(0).named(y);
  }

  @Override
  public OnnxValue channels(OnnxValue x, int from, int to) {
    String part =
        graph.add("Slice", x.name(), graph.integers(from), graph.integers(to), graph.integers(1));
    return new OnnxValue(part, to - from);
  }

  @Override
  public OnnxValue subsample(OnnxValue x, int row, int column, int step) {
    String part =
        graph.add(
            "Slice",
            x.name(),
            graph.integers(row, column),
            graph.integers(Long.MAX_VALUE, Long.MAX_VALUE),
            rowsAndColumns(),
            graph.integers(step, step));
    return x.named(part);
  }

  private String rowsAndColumns() {
    return graph.integers(2, 3);
  }

  @Override
  public OnnxValue depthToSpace(OnnxValue x, int step) {
    OnnxNode node = new OnnxNode("DepthToSpace").with("blocksize", step).with("mode", "DCR");
    return new OnnxValue(graph.add(node, x.name()), x.channels() / (step * step));
  }

  @Override
  public OnnxValue maxPool2d(OnnxValue x, int kernel, int stride, int padding, boolean ceil) {
    OnnxNode pool =
        new OnnxNode("MaxPool")
            .withAll("kernel_shape", kernel, kernel)
            .withAll("strides", stride, stride);
    if (!ceil) {
      pool.withAll("pads", padding, padding, padding, padding);
      return x.named(graph.add(pool, x.name()));
    }
    return x.named(ceilPool(pool, x, stride, padding));
  }

  @Override
  public OnnxValue avgPool2d(
      OnnxValue x, int kernel, int stride, int padding, boolean countPadding) {
    OnnxNode pool =
        new OnnxNode("AveragePool")
            .withAll("kernel_shape", kernel, kernel)
            .withAll("strides", stride, stride)
            .withAll("pads", padding, padding, padding, padding)
            .with("count_include_pad", countPadding ? 1 : 0);
    return x.named(graph.add(pool, x.name()));
  }

  /**
   * With {@code ceil}, a window may extend beyond the input, but must not start in the padding at
   * the right or bottom. Runtimes differ in the second rule, so the graph does both explicitly.
   */
  private String ceilPool(OnnxNode pool, OnnxValue x, int stride, int padding) {
    long after = padding + stride - 1L;
    String padded =
        graph.add(
            "Pad",
            x.name(),
            graph.integers(0, 0, padding, padding, 0, 0, after, after),
            graph.scalar(Double.NEGATIVE_INFINITY));
    String sizes = graph.sizes(x.name(), 2, 3);
    String starts = graph.add("Add", sizes, graph.integers(after));
    return graph.add(
        "Slice",
        graph.add(pool, padded),
        graph.integers(0, 0),
        graph.add("Div", starts, graph.integers(stride)),
        rowsAndColumns());
  }

  @Override
  public OnnxValue reduce(OnnxValue x, Reduction reduction, int... axes) {
    long[] over = Arrays.stream(axes).asLongStream().toArray();
    String y =
        switch (reduction) {
          case MEAN -> reduced("ReduceMean", x.name(), over);
          case MAX -> reduced("ReduceMax", x.name(), over);
        };
    return Arrays.stream(axes).anyMatch(axis -> axis == 1) ? new OnnxValue(y, 1) : x.named(y);
  }

  @Override
  public OnnxValue swapAxes(OnnxValue x, int axis, int other) {
    long[] order = {0, 1, 2, 3};
    order[axis] = other;
    order[other] = axis;
    String y = graph.add(new OnnxNode("Transpose").withAll("perm", order), x.name());
    return order[1] == 1 ? x.named(y) : new OnnxValue(y, OnnxValue.DYNAMIC);
  }

  @Override
  public OnnxValue upsample(OnnxValue x, Upsampling u) {
    boolean nearest = u.mode() == Upsampling.Mode.NEAREST;
    OnnxNode resize = new OnnxNode("Resize").with("mode", nearest ? "nearest" : "linear");
    if (nearest) {
      resize.with("coordinate_transformation_mode", "asymmetric").with("nearest_mode", "floor");
    } else {
      resize.with(
          "coordinate_transformation_mode", u.alignCorners() ? "align_corners" : "half_pixel");
    }
    if (u.height() == 0) {
      String factors = graph.floats(Shape.of(4), 1, 1, (float) u.scaleH(), (float) u.scaleW());
      return x.named(graph.add(resize, x.name(), "", factors));
    }
    String sizes = graph.concat(graph.sizes(x.name(), 0, 1), graph.integers(u.height(), u.width()));
    return x.named(graph.add(resize, x.name(), "", "", sizes));
  }

  @Override
  public OnnxValue zeroPad(OnnxValue x, int left, int right, int top, int bottom) {
    String amounts = graph.integers(0, 0, top, left, 0, 0, bottom, right);
    String padded = graph.add("Pad", x.name(), amounts);
    // ONNX Runtime merges zeros into the padding of a pooling that follows, which counts as -∞.
    return x.named(graph.add("Max", padded, graph.scalar(-1e38)));
  }

  @Override
  public OnnxValue padToWindows(OnnxValue x, WindowGrid grid) {
    if (grid.window() <= 0) {
      return x;
    }
    String side = graph.integers(grid.window());
    String sizes = graph.sizes(x.name(), 2, 3);
    String more = graph.add("Add", sizes, graph.integers(grid.window() - 1L));
    String filled = graph.add("Mul", graph.add("Div", more, side), side);
    String amounts =
        graph.concat(graph.integers(0, 0, 0, 0, 0, 0), graph.add("Sub", filled, sizes));
    return x.named(graph.add("Pad", x.name(), amounts));
  }

  @Override
  public OnnxValue cropLike(OnnxValue x, OnnxValue like) {
    String part =
        graph.add(
            "Slice",
            x.name(),
            graph.integers(0, 0),
            graph.sizes(like.name(), 2, 3),
            rowsAndColumns());
    return x.named(part);
  }

  @Override
  public OnnxValue windowAttention(OnnxValue q, OnnxValue k, OnnxValue v, WindowGrid grid) {
    OnnxWindows windows = new OnnxWindows(graph, q.name(), grid);
    String products = graph.add("MatMul", windows.positionsFirst(q), windows.depthFirst(k));
    String scaled = graph.add("Mul", products, graph.scalar(grid.scale()));
    String probabilities = graph.add(new OnnxNode("Softmax").with("axis", -1), scaled);
    String attended = graph.add("MatMul", probabilities, windows.positionsFirst(v));
    return v.named(windows.toMap(attended, v));
  }
}
