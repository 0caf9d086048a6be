package ai.irmb.internal.ops.torchscript;

import ai.irmb.internal.ops.OutputSizes;
import ai.irmb.internal.ops.torchscript.Instruction.Expression;
import ai.irmb.internal.ops.torchscript.Instruction.ScaleShift;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.ConvTranspose2dParams;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Reduction;
import ai.irmb.ops.Upsampling;
import ai.irmb.ops.Weight;
import ai.irmb.ops.WindowGrid;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds the graph of a network for one input shape.
 *
 * <p>{@link #padToWindows} partitions a map into windows. It stays partitioned through the
 * pointwise operations that follow, until an operation needs an ordinary map: the partition and its
 * inverse cost one copy each.
 *
 * <p>Not safe for concurrent use.
 */
public final class ScriptOps implements Ops<Symbol> {
  /** {@return the image, the input of the network} */
  public Symbol image(Shape shape) {
    return new Symbol(new Instruction.Image(), List.of(), shape, null);
  }

  @Override
  public Symbol conv2d(Symbol x, Conv2dParams params) {
    if (x.windows() != null && Convolution.isPointwise(params)) {
      return new Symbol(
          Convolution.of(params), List.of(x), withChannels(x, params.outChannels()), x.windows());
    }
    Symbol map = asMap(x);
    long h =
        OutputSizes.convolved(
            map.size(2),
            params.kernel().h(),
            params.stride().h(),
            params.padding().h(),
            params.dilation().h());
    long w =
        OutputSizes.convolved(
            map.size(3),
            params.kernel().w(),
            params.stride().w(),
            params.padding().w(),
            params.dilation().w());
    return map(Convolution.of(params), List.of(map), map.size(0), params.outChannels(), h, w);
  }

  @Override
  public Symbol convTranspose2d(Symbol x, ConvTranspose2dParams p) {
    Symbol map = asMap(x);
    long h =
        OutputSizes.transposed(
            map.size(2),
            p.kernel().h(),
            p.stride().h(),
            p.padding().h(),
            p.outputPadding().h(),
            p.dilation().h());
    long w =
        OutputSizes.transposed(
            map.size(3),
            p.kernel().w(),
            p.stride().w(),
            p.padding().w(),
            p.outputPadding().w(),
            p.dilation().w());
    Weight bias = p.bias();
    Instruction instruction =
        Expression.with(
            bias == null ? List.of(p.weight()) : List.of(p.weight(), bias),
            TorchScript.call(
                "torch.conv_transpose2d",
                TorchScript.INPUT,
                TorchScript.INPUT,
                bias == null ? "None" : TorchScript.INPUT,
                TorchScript.list(p.stride()),
                TorchScript.list(p.padding()),
                TorchScript.list(p.outputPadding()),
                p.groups(),
                TorchScript.list(p.dilation())));
    return map(instruction, List.of(map), map.size(0), p.outChannels(), h, w);
  }

  @Override
  public Symbol scaleShift(Symbol x, Weight scale, Weight shift) {
    return like(new ScaleShift(scale, shift), x);
  }

  @Override
  public Symbol channelNorm(Symbol x, Weight scale, Weight shift, double eps) {
    String format =
        TorchScript.toNchw(
            TorchScript.call(
                "torch.layer_norm",
                TorchScript.toNhwc(TorchScript.INPUT),
                TorchScript.list(x.size(1)),
                TorchScript.INPUT,
                TorchScript.INPUT,
                eps));
    return like(Expression.with(List.of(scale, shift), format), x);
  }

  @Override
  public Symbol instanceNorm(Symbol x, double eps) {
    return likeMap(
        Expression.of(
            TorchScript.call(
                "torch.instance_norm",
                TorchScript.INPUT,
                "None",
                "None",
                "None",
                "None",
                "True",
                "0.",
                eps,
                "False")),
        x);
  }

  @Override
  public Symbol activation(Symbol x, Activation activation) {
    return activation.isIdentity() ? x : like(new Instruction.Activate(activation), x);
  }

  @Override
  public Symbol add(Symbol a, Symbol b) {
    boolean same = a.windows() == null ? b.windows() == null : a.windows().equals(b.windows());
    Symbol left = same ? a : asMap(a);
    Symbol right = same ? b : asMap(b);
    return new Symbol(new Instruction.Sum(), List.of(left, right), left.shape(), left.windows());
  }

  @Override
  public Symbol multiply(Symbol a, Symbol b) {
    Symbol map = asMap(a);
    return new Symbol(
        Expression.of(TorchScript.call("torch.mul", TorchScript.INPUT, TorchScript.INPUT)),
        List.of(map, asMap(b)),
        map.shape(),
        null);
  }

  @Override
  public Symbol concat(List<Symbol> parts, int axis) {
    List<Symbol> maps = parts.stream().map(this::asMap).toList();
    long sum = maps.stream().mapToLong(part -> part.size(axis)).sum();
    long[] sizes = maps.get(0).shape().toArray();
    sizes[axis] = sum;
    return new Symbol(new Instruction.Concat(axis), maps, Shape.of(sizes), null);
  }

  @Override
  public Symbol channels(Symbol x, int from, int to) {
    if (from == 0 && to == x.size(1)) {
      return x;
    }
    return new Symbol(
        new Instruction.Channels(from, to - from),
        List.of(x),
        withChannels(x, to - from),
        x.windows());
  }

  @Override
  public Symbol subsample(Symbol x, int row, int column, int step) {
    Symbol map = asMap(x);
    return map(
        Expression.view(
            TorchScript.call(
                "torch.slice",
                TorchScript.call("torch.slice", TorchScript.INPUT, 2, row, "None", step),
                3,
                column,
                "None",
                step)),
        List.of(map),
        map.size(0),
        map.size(1),
        OutputSizes.strided(map.size(2), row, step),
        OutputSizes.strided(map.size(3), column, step));
  }

  @Override
  public Symbol depthToSpace(Symbol x, int s) {
    if (s == 1) {
      return x;
    }
    Symbol map = asMap(x);
    int n = map.size(0);
    int c = map.size(1) / s / s;
    int h = map.size(2);
    int w = map.size(3);
    String batch = TorchScript.size(n);
    String split =
        TorchScript.permute(
            TorchScript.reshape(
                TorchScript.INPUT, batch, s, s, c, TorchScript.size(h), TorchScript.size(w)),
            0,
            4,
            1,
            5,
            2,
            3);
    String joined =
        TorchScript.toNchw(
            TorchScript.reshape(
                split, batch, TorchScript.size((long) h * s), TorchScript.size((long) w * s), c));
    return map(Expression.of(joined), List.of(map), n, c, (long) h * s, (long) w * s);
  }

  @Override
  public Symbol maxPool2d(Symbol x, int kernel, int stride, int padding, boolean ceil) {
    String dilation = TorchScript.list(1, 1);
    return pool("torch.max_pool2d", x, kernel, stride, padding, ceil, dilation, literal(ceil));
  }

  @Override
  public Symbol avgPool2d(Symbol x, int kernel, int stride, int padding, boolean countPadding) {
    String ceil = literal(false);
    return pool("torch.avg_pool2d", x, kernel, stride, padding, false, ceil, literal(countPadding));
  }

  /**
   * @param options the arguments of the function after the padding
   */
  private Symbol pool(
      String function,
      Symbol x,
      int kernel,
      int stride,
      int padding,
      boolean ceil,
      String... options) {
    Symbol map = asMap(x);
    List<String> arguments = new ArrayList<>();
    arguments.add(TorchScript.INPUT);
    arguments.add(TorchScript.list(kernel, kernel));
    arguments.add(TorchScript.list(stride, stride));
    arguments.add(TorchScript.list(padding, padding));
    arguments.addAll(List.of(options));
    return map(
        Expression.of(TorchScript.call(function, arguments.toArray())),
        List.of(map),
        map.size(0),
        map.size(1),
        OutputSizes.pooled(map.size(2), kernel, stride, padding, ceil),
        OutputSizes.pooled(map.size(3), kernel, stride, padding, ceil));
  }

  private static String literal(boolean value) {
    return value ? "True" : "False";
  }

  @Override
  public Symbol reduce(Symbol x, Reduction reduction, int... axes) {
    Symbol map = asMap(x);
    long[] sizes = map.shape().toArray();
    for (int axis : axes) {
      sizes[axis] = 1;
    }
    String function =
        switch (reduction) {
          case MEAN -> "torch.mean";
          case MAX -> "torch.amax";
        };
    String over = TorchScript.list(Arrays.stream(axes).asLongStream().toArray());
    return new Symbol(
        Expression.of(TorchScript.call(function, TorchScript.INPUT, over, "True")),
        List.of(map),
        Shape.of(sizes),
        null);
  }

  @Override
  public Symbol swapAxes(Symbol x, int axis, int other) {
    Symbol map = asMap(x);
    long[] sizes = map.shape().toArray();
    sizes[axis] = map.size(other);
    sizes[other] = map.size(axis);
    return new Symbol(
        Expression.view(TorchScript.call("torch.transpose", TorchScript.INPUT, axis, other)),
        List.of(map),
        Shape.of(sizes),
        null);
  }

  @Override
  public Symbol upsample(Symbol x, Upsampling upsampling) {
    Symbol map = asMap(x);
    int h = (int) upsampling.outHeight(map.size(2));
    int w = (int) upsampling.outWidth(map.size(3));
    String outputSize = TorchScript.sizes(TorchScript.size(h), TorchScript.size(w));
    String scaleH = upsampling.height() > 0 ? "None" : Double.toString(upsampling.scaleH());
    String scaleW = upsampling.width() > 0 ? "None" : Double.toString(upsampling.scaleW());
    Instruction instruction =
        switch (upsampling.mode()) {
          case NEAREST ->
              Expression.of(
                  TorchScript.call(
                      "torch.upsample_nearest2d", TorchScript.INPUT, outputSize, scaleH, scaleW));
          case BILINEAR ->
              Expression.of(
                  TorchScript.call(
                      "torch.upsample_bilinear2d",
                      TorchScript.INPUT,
                      outputSize,
                      literal(upsampling.alignCorners()),
                      scaleH,
                      scaleW));
        };
    return map(instruction, List.of(map), map.size(0), map.size(1), h, w);
  }

  @Override
  public Symbol zeroPad(Symbol x, int left, int right, int top, int bottom) {
    Symbol map = asMap(x);
    return map(
        Expression.of(
            TorchScript.call(
                "torch.constant_pad_nd",
                TorchScript.INPUT,
                TorchScript.list(left, right, top, bottom),
                "0.")),
        List.of(map),
        map.size(0),
        map.size(1),
        map.size(2) + top + bottom,
        map.size(3) + left + right);
  }

  @Override
  public Symbol padToWindows(Symbol x, WindowGrid grid) {
    return toWindows(asMap(x), Windows.of(grid, x.size(2), x.size(3)));
  }

  @Override
  public Symbol cropLike(Symbol x, Symbol like) {
    int h = like.size(2);
    int w = like.size(3);
    if (x.windows() != null) {
      return map(new FromWindows(), List.of(x), x.size(0), x.size(1), h, w);
    }
    if (h == x.size(2) && w == x.size(3)) {
      return x;
    }
    return map(
        Expression.view(
            TorchScript.narrow(
                TorchScript.narrow(TorchScript.INPUT, 2, 0, TorchScript.size(h)),
                3,
                0,
                TorchScript.size(w))),
        List.of(x),
        x.size(0),
        x.size(1),
        h,
        w);
  }

  @Override
  public Symbol windowAttention(Symbol q, Symbol k, Symbol v, WindowGrid grid) {
    Windows windows = Windows.of(grid, q.size(2), q.size(3));
    return new Symbol(
        new WindowAttention(grid),
        List.of(inWindows(q, windows), inWindows(k, windows), inWindows(v, windows)),
        v.shape(),
        windows);
  }

  /** {@return x, partitioned into these windows} */
  private Symbol inWindows(Symbol x, Windows windows) {
    return windows.equals(x.windows()) ? x : toWindows(asMap(x), windows);
  }

  private static Symbol toWindows(Symbol map, Windows windows) {
    Shape shape =
        Shape.of(
            map.size(0),
            map.size(1),
            (long) windows.rows() * windows.height(),
            (long) windows.columns() * windows.width());
    return map.instruction() instanceof ScaleShift norm
        ? new Symbol(new ToWindows(norm.weights()), map.inputs(), shape, windows)
        : new Symbol(new ToWindows(List.of()), List.of(map), shape, windows);
  }

  /** {@return x as an ordinary map} */
  Symbol asMap(Symbol x) {
    return x.windows() == null ? x : new Symbol(new FromWindows(), List.of(x), x.shape(), null);
  }

  private Symbol likeMap(Instruction instruction, Symbol x) {
    return like(instruction, asMap(x));
  }

  private static Symbol like(Instruction instruction, Symbol x) {
    return new Symbol(instruction, List.of(x), x.shape(), x.windows());
  }

  private static Symbol map(
      Instruction instruction, List<Symbol> inputs, long n, long c, long h, long w) {
    return new Symbol(instruction, inputs, Shape.of(n, c, h, w), null);
  }

  private static Shape withChannels(Symbol x, int channels) {
    return Shape.of(x.size(0), channels, x.size(2), x.size(3));
  }
}
