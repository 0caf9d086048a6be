package ai.irmb.internal.ops.onnx;

import ai.irmb.ops.WindowGrid;

/**
 * The partition of maps of one size into windows and heads, and its inverse. The graph computes the
 * number of windows.
 */
final class OnnxWindows {
  private final OnnxGraph graph;
  private final int heads;

  /** Side of a window, or 0 for one window over the entire map. */
  private final int side;

  /** Numbers of windows down and across, as vectors of one element; empty for one window. */
  private final String down;

  private final String across;

  OnnxWindows(OnnxGraph graph, String map, WindowGrid grid) {
    this.graph = graph;
    this.heads = grid.heads();
    this.side = Math.max(grid.window(), 0);
    this.down = side == 0 ? "" : count(map, 2);
    this.across = side == 0 ? "" : count(map, 3);
  }

  private String count(String map, long axis) {
    return graph.add("Div", graph.sizes(map, axis), graph.integers(side));
  }

  /** {@return (windows, heads, positions, depth)} */
  String positionsFirst(OnnxValue x) {
    long depth = x.channels() / heads;
    if (side == 0) {
      return swapLastAxes(splitHeads(x, depth));
    }
    String transposed = transpose(cut(x, depth), 0, 4, 6, 1, 3, 5, 2);
    return reshape(transposed, graph.integers(-1, heads, (long) side * side, depth));
  }

  /** {@return (windows, heads, depth, positions)} */
  String depthFirst(OnnxValue x) {
    long depth = x.channels() / heads;
    if (side == 0) {
      return splitHeads(x, depth);
    }
    String transposed = transpose(cut(x, depth), 0, 4, 6, 1, 2, 3, 5);
    return reshape(transposed, graph.integers(-1, heads, depth, (long) side * side));
  }

  /** {@return (windows, heads, positions, depth) as a map of the size and channels of another} */
  String toMap(String x, OnnxValue like) {
    long depth = like.channels() / heads;
    if (side == 0) {
      return reshape(swapLastAxes(x), graph.shape(like.name()));
    }
    String shape =
        graph.concat(graph.integers(-1), down, across, graph.integers(heads, side, side, depth));
    return reshape(transpose(reshape(x, shape), 0, 3, 6, 4, 1, 5, 2), graph.shape(like.name()));
  }

  /** (N, C, h·n1, w·n2) → (N, heads, C / heads, h, n1, w, n2). */
  private String cut(OnnxValue x, long depth) {
    return reshape(
        x.name(),
        graph.concat(graph.integers(0, heads, depth, side), down, graph.integers(side), across));
  }

  private String splitHeads(OnnxValue x, long depth) {
    return reshape(x.name(), graph.integers(0, heads, depth, -1));
  }

  private String swapLastAxes(String x) {
    return transpose(x, 0, 1, 3, 2);
  }

  private String transpose(String x, long... order) {
    return graph.add(new OnnxNode("Transpose").withAll("perm", order), x);
  }

  private String reshape(String x, String shape) {
    return graph.add("Reshape", x, shape);
  }
}
