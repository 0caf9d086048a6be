package ai.irmb.internal.ops.onnx;

import ai.irmb.internal.head.HeadLayout;
import ai.irmb.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The decoding of a head as nodes of a graph, with the outputs of YOLOv5's ONNX export. */
public final class OnnxDecoder {
  private final OnnxGraph graph;
  private final HeadLayout layout;

  /**
   * @param graph receives the nodes
   * @param layout of each level's channels
   */
  public OnnxDecoder(OnnxGraph graph, HeadLayout layout) {
    this.graph = graph;
    this.layout = layout;
  }

  /**
   * {@return the name of all predictions, (N, predictions, 5 + nc + nm): center, width and height
   * in pixels, then objectness and classes as probabilities, then mask coefficients, unchanged}
   *
   * @param levels raw logits, finest first
   * @param strides of the levels in pixels
   * @param anchors of each level in pixels: w, h, w, h, …
   */
  public String predictions(
      List<OnnxValue> levels, List<Double> strides, List<List<Double>> anchors) {
    List<String> predictions = new ArrayList<>();
    for (int i = 0; i < levels.size(); i++) {
      predictions.add(level(levels.get(i).name(), strides.get(i), anchors.get(i)));
    }
    return graph.add(new OnnxNode("Concat").with("axis", 1), predictions.toArray(String[]::new));
  }

  private String level(String raw, double stride, List<Double> anchors) {
    int valuesPerAnchor = layout.valuesPerAnchor();
    int probabilities = layout.probabilitiesPerAnchor();
    int anchorCount = anchors.size() / 2;
    String shape =
        graph.concat(
            graph.integers(0, anchorCount, valuesPerAnchor),
            graph.sizes(raw, 2),
            graph.sizes(raw, 3));
    String cells = graph.add("Reshape", raw, shape);
    String probabilityValues = graph.add("Sigmoid", slice(cells, 0, probabilities));
    List<String> parts = new ArrayList<>();
    parts.add(center(slice(probabilityValues, 0, 1), positions(raw, 3), stride));
    String down = graph.add("Unsqueeze", positions(raw, 2), graph.integers(1));
    parts.add(center(slice(probabilityValues, 1, 2), down, stride));
    parts.add(size(slice(probabilityValues, 2, 4), anchors));
    parts.add(slice(probabilityValues, 4, probabilities));
    if (valuesPerAnchor > probabilities) {
      parts.add(slice(cells, probabilities, valuesPerAnchor));
    }
    String joined = graph.add(new OnnxNode("Concat").with("axis", 2), parts.toArray(String[]::new));
    String permuted = graph.add(new OnnxNode("Transpose").withAll("perm", 0, 1, 3, 4, 2), joined);
    return graph.add("Reshape", permuted, graph.integers(0, -1, valuesPerAnchor));
  }

  private String slice(String cells, long from, long to) {
    return graph.add("Slice", cells, graph.integers(from), graph.integers(to), graph.integers(2));
  }

  /** The positions 0, 1, … along an axis of the map. */
  private String positions(String raw, long axis) {
    String count = graph.add("Squeeze", graph.sizes(raw, axis));
    String one = graph.add("Squeeze", graph.integers(1));
    String range = graph.add("Range", graph.add("Sub", count, count), count, one);
    return graph.add(new OnnxNode("Cast").with("to", 1), range);
  }

  /** (2σ − 0.5 + position) · stride. */
  private String center(String sigmoid, String positions, double stride) {
    String offset = graph.add("Sub", graph.add("Mul", sigmoid, graph.scalar(2)), graph.scalar(0.5));
    return graph.add("Mul", graph.add("Add", offset, positions), graph.scalar(stride));
  }

  /** (2σ)² · anchor. */
  private String size(String sigmoid, List<Double> anchors) {
    float[] sides = new float[anchors.size()];
    for (int i = 0; i < sides.length; i++) {
      sides[i] = anchors.get(i).floatValue();
    }
    String twice = graph.add("Mul", sigmoid, graph.scalar(2));
    String shape = graph.floats(Shape.of(anchors.size() / 2, 2, 1, 1), sides);
    return graph.add("Mul", graph.add("Mul", twice, twice), shape);
  }
}
