package ai.irmb.internal.ops.torchscript;

import ai.irmb.internal.head.HeadLayout;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Weight;
import java.util.ArrayList;
import java.util.List;

/** The source of a program for one input shape. */
final class ScriptSource {
  /** Method that returns every output completely. */
  static final String OUTPUTS = "maps";

  /**
   * Method that returns the candidates that pass the threshold, then the outputs beyond the heads.
   * If the backend {@linkplain Backend#checksFinite checks}, the last result are some sums, which
   * are finite if all numbers are.
   */
  static final String FILTERED_OUTPUTS = "found";

  private final List<Symbol> results;
  private final List<HeadLayout> heads;
  private final Backend backend;
  private final WeightList weights;
  private final List<String> sums = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  private ScriptSource(
      List<Symbol> results, List<HeadLayout> heads, Backend backend, WeightList weights) {
    this.results = results;
    this.heads = heads;
    this.backend = backend;
    this.weights = weights;
  }

  /**
   * {@return the source}
   *
   * @param results of the network, heads first
   * @param heads layouts of the first results
   * @param weights receives the weights that the program needs
   */
  static String of(
      List<Symbol> results, List<HeadLayout> heads, Backend backend, WeightList weights) {
    ScriptSource source = new ScriptSource(results, heads, backend, weights);
    source.printBody();
    source.printOutputs();
    source.printFilteredOutputs();
    return source.text.toString();
  }

  /** Computes the results; instead of a head that is filtered beforehand, its input. */
  private void printBody() {
    List<Symbol> ends = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      ends.add(isFilteredBeforeHead(i) ? results.get(i).inputs().get(0) : results.get(i));
    }
    String statements = new ScriptPrinter(backend, weights).print(ends);
    method("body", "x: Tensor, w: List[Tensor]");
    text.append(statements);
    method("input", "x: Tensor, interleaved: bool", "Tensor");
    line("y = x");
    line("if interleaved:");
    line("  y = torch.permute(x, [0, 3, 1, 2])");
    line("else:");
    line("  pass");
    line("if torch.eq(ops.prim.dtype(x), 0):");
    line("  z = torch.div(y, 255)");
    line("else:");
    line("  z = y");
    line("return " + backend.fromFloat("torch.contiguous(z, memory_format=2)"));
  }

  /**
   * {@return whether a result is a linear layer per position, computed only where objectness
   * passes}
   */
  private boolean isFilteredBeforeHead(int result) {
    Symbol symbol = results.get(result);
    return result < heads.size()
        && backend.filtersBeforeHeads()
        && symbol.windows() == null
        && symbol.instruction() instanceof Convolution convolution
        && !convolution.addsInput()
        && Convolution.isPointwise(convolution.params())
        && convolution.params().groups() == 1
        && convolution.params().activation().isIdentity();
  }

  private void printOutputs() {
    method(OUTPUTS, "x: Tensor, w: List[Tensor], interleaved: bool");
    line("y = (__self__).body((__self__).input(x, interleaved, ), w, )");
    List<String> outputs = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      String value = "y[" + i + "]";
      if (isFilteredBeforeHead(i)) {
        Symbol head = results.get(i);
        String name = "head" + i;
        head.instruction()
            .print(
                new InstructionPrinter(
                    head, name, List.of(value), List.of(false), backend, weights, text));
        value = name;
      }
      outputs.add(contiguousFloat(value));
    }
    line("return [" + String.join(", ", outputs) + "]");
  }

  private String contiguousFloat(String value) {
    return "torch.contiguous(" + backend.toFloat(value) + ")";
  }

  private void printFilteredOutputs() {
    method(FILTERED_OUTPUTS, "x: Tensor, w: List[Tensor], interleaved: bool, logit: float");
    line("y = (__self__).body((__self__).input(x, interleaved, ), w, )");
    List<String> returned = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      if (i < heads.size()) {
        if (results.get(i).instruction() instanceof Convolution convolution
            && isFilteredBeforeHead(i)) {
          filterBeforeHead(i, results.get(i), convolution.params(), heads.get(i));
        } else {
          filterAfterHead(i, results.get(i), heads.get(i));
        }
        sigmoid(i, heads.get(i));
        returned.add("rows" + i);
        returned.add("places" + i);
      } else {
        returned.add(contiguousFloat("y[" + i + "]"));
        addToCheck("y[" + i + "]");
      }
    }
    if (backend.checksFinite()) {
      returned.add("torch.stack([" + String.join(", ", sums) + "])");
    }
    line("return [" + String.join(", ", returned) + "]");
  }

  /** Sums up values in single precision, so that only NaN and infinity give such a sum. */
  private void addToCheck(String values) {
    sums.add("torch.sum(" + values + ", dtype=" + Backend.FLOAT + ")");
  }

  /** Computes the objectness of all predictions, and the other values of those that pass. */
  private void filterBeforeHead(int i, Symbol map, Conv2dParams p, HeadLayout head) {
    long positions = (long) map.size(0) * map.size(2) * map.size(3);
    line(
        "flat%s = %s",
        i, TorchScript.reshape(TorchScript.toNhwc("y[" + i + "]"), positions, p.inChannels()));
    String byAnchor =
        TorchScript.reshape(TorchScript.INPUT, head.anchors(), head.valuesPerAnchor(), -1);
    line(
        "objectness%s = torch.linear(flat%s, %s)",
        i, i, linear(p, "torch.contiguous(torch.select(" + byAnchor + ", 1, 4))"));
    filter(i);
    List<String> candidates = new ArrayList<>();
    List<String> indices = new ArrayList<>();
    for (int a = 0; a < head.anchors(); a++) {
      String at = "at" + i + "_" + a;
      line(
          "%s = %s",
          at,
          TorchScript.reshape("torch.nonzero(torch.select(passes" + i + ", 1, " + a + "))", -1));
      candidates.add(
          TorchScript.fill(
              "torch.linear(torch.index_select(flat%s, 0, %s), %s)",
              i, at, linear(p, "torch.contiguous(torch.select(" + byAnchor + ", 0, " + a + "))")));
      indices.add("torch.add(" + at + ", " + a * positions + ")");
    }
    line("raw%s = %s", i, backend.toFloat("torch.cat([" + String.join(", ", candidates) + "])"));
    line("places%s = torch.cat([%s])", i, String.join(", ", indices));
  }

  /** {@return kernels and biases of some channels of a head, as two arguments} */
  private String linear(Conv2dParams p, String channels) {
    Weight bias = p.bias();
    String kernels = weight(new WeightExpression(List.of(p.weight()), channels));
    return kernels
        + ", "
        + (bias == null
            ? "None"
            : weight(new WeightExpression(List.of(bias), TorchScript.reshape(channels, -1))));
  }

  private String weight(WeightExpression expression) {
    return "w[" + weights.indexOf(expression) + "]";
  }

  /** Computes the complete head, and gathers the predictions whose objectness passes. */
  private void filterAfterHead(int i, Symbol map, HeadLayout head) {
    String split =
        TorchScript.reshape(
            "y[" + i + "]",
            map.size(0),
            head.anchors(),
            head.valuesPerAnchor(),
            map.size(2),
            map.size(3));
    line("boxes%s = %s", i, TorchScript.permute(split, 1, 0, 3, 4, 2));
    line("objectness%s = torch.select(boxes%s, 4, 4)", i, i);
    filter(i);
    line("at%s = torch.unbind(torch.nonzero(passes%s), 1)", i, i);
    line(
        "raw%s = %s",
        i,
        backend.toFloat(
            TorchScript.fill(
                "torch.index(boxes%s, annotate(List[Optional[Tensor]], "
                    + "[at%s[0], at%s[1], at%s[2], at%s[3]]))",
                i, i, i, i, i)));
    line(
        "places%s = %s",
        i, TorchScript.reshape("torch.nonzero(torch.reshape(passes" + i + ", [-1]))", -1));
  }

  /**
   * Selects the predictions of a level. Each objectness logit is computed from all channels of its
   * position, so it is not finite if one of them is not.
   */
  private void filter(int i) {
    line("passes%s = torch.gt(objectness%s, logit)", i, i);
    addToCheck("objectness" + i);
  }

  /** Applies the sigmoid to the candidates only. */
  private void sigmoid(int i, HeadLayout head) {
    if (head.masks() == 0) {
      line("rows%s = torch.sigmoid_(raw%s)", i, i);
    } else {
      addToCheck(TorchScript.narrow("raw" + i, 1, head.probabilitiesPerAnchor(), head.masks()));
      line(
          "rows%s = torch.cat([torch.sigmoid(%s), %s], 1)",
          i,
          TorchScript.narrow("raw" + i, 1, 0, head.probabilitiesPerAnchor()),
          TorchScript.narrow("raw" + i, 1, head.probabilitiesPerAnchor(), head.masks()));
    }
  }

  private void method(String name, String arguments) {
    method(name, arguments, "List[Tensor]");
  }

  private void method(String name, String arguments, String result) {
    text.append(TorchScript.fill("  def %s(__self__, %s) -> %s:\n", name, arguments, result));
  }

  private void line(String format, Object... arguments) {
    text.append("    ").append(TorchScript.fill(format, arguments)).append('\n');
  }
}
