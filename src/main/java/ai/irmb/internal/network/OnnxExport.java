package ai.irmb.internal.network;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.block.Head;
import ai.irmb.internal.file.AtomicFile;
import ai.irmb.internal.ops.onnx.OnnxDecoder;
import ai.irmb.internal.ops.onnx.OnnxGraph;
import ai.irmb.internal.ops.onnx.OnnxOps;
import ai.irmb.internal.ops.onnx.OnnxValue;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Writes a model as ONNX, with the inputs and outputs of YOLOv5's {@code export.py}: {@code images}
 * (N, channels, H, W), 0 to 1, single precision; {@code output0} (N, predictions, 5 + nc + nm),
 * decoded, in pixels of the input; {@code output1} the mask prototypes of a segmentation model. N,
 * H and W are free. H and W must be multiples of the largest stride.
 */
public final class OnnxExport {
  /** The operator set that YOLOv5 writes by default. */
  public static final int DEFAULT_OPSET = 17;

  /** The supported operator sets, for help and error messages. */
  public static final String OPSETS = OnnxGraph.MIN_OPSET + " to " + OnnxGraph.MAX_OPSET;

  private OnnxExport() {}

  /**
   * Writes the file atomically.
   *
   * @param model with weights
   * @param opset the operator set
   * @param logits whether the logits of the levels, (N, na · (5 + nc + nm), H, W), are outputs as
   *     well: {@code raw0}, {@code raw1}, …
   * @param out the file to write, in an existing folder
   * @throws IllegalArgumentException if the operator set is not supported
   * @throws WeightsException if the network has an operation that ONNX cannot express
   * @throws UncheckedIOException if the file system fails
   */
  public static void write(Model model, int opset, boolean logits, Path out) {
    OnnxGraph graph = new OnnxGraph(opset);
    Network network = model.network();
    Head head = network.head();
    String images = graph.input("images", "batch", model.channels(), "height", "width");
    Head.Outputs<OnnxValue> outputs =
        network.forward(
            new OnnxOps(graph),
            new OnnxValue(images, model.channels()),
            (index, output, alive) -> {});
    String predictions =
        new OnnxDecoder(graph, head.layout())
            .predictions(outputs.levels(), model.strides(), model.anchors());
    graph.output("output0", predictions, "batch", "rows", head.layout().valuesPerAnchor());
    OnnxValue prototypes = outputs.proto();
    if (prototypes != null) {
      graph.output(
          "output1",
          prototypes.name(),
          "batch",
          prototypes.channels(),
          "mask_height",
          "mask_width");
    }
    if (logits) {
      List<OnnxValue> levels = outputs.levels();
      for (int i = 0; i < levels.size(); i++) {
        OnnxValue level = levels.get(i);
        graph.output("raw" + i, level.name(), "batch", level.channels(), "height" + i, "width" + i);
      }
    }
    write(graph, metadata(model), out);
  }

  private static void write(OnnxGraph graph, Map<String, String> metadata, Path out) {
    try {
      AtomicFile.write(
          out,
          file -> {
            OutputStream buffered = new BufferedOutputStream(file);
            graph.write(buffered, metadata);
            buffered.flush();
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@code stride} and {@code names} as YOLOv5 writes them, as Python literals, and the anchors.
   */
  private static Map<String, String> metadata(Model model) {
    Map<String, String> metadata = new LinkedHashMap<>();
    double largest = model.strides().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    metadata.put("stride", String.valueOf((long) largest));
    StringJoiner names = new StringJoiner(", ", "{", "}");
    model.names().forEach((id, name) -> names.add(id + ": " + literal(name)));
    metadata.put("names", names.toString());
    metadata.put("strides", model.strides().toString());
    metadata.put("anchors", model.anchors().toString());
    return metadata;
  }

  /** A Python string literal without line breaks. */
  private static String literal(String text) {
    StringBuilder out = new StringBuilder("'");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\'' || c == '\\') {
                out.append('\\').appendCodePoint(c);
              } else if (c < ' ') {
                out.append("\\x%02x".formatted(c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.append('\'').toString();
  }
}
