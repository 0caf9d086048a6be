package ai.irmb.internal.ops.torchscript;

import ai.irmb.internal.head.HeadLayout;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Weight;
import java.util.ArrayList;
import java.util.List;

/** Prints a program, and the sizes that it needs for one input shape. */
final class ScriptSource {
  /** Method that returns every output completely. */
  static final String OUTPUTS = "maps";

  /**
   * Method that returns the candidates that pass the threshold as {@link CandidateSelection} reads
   * them, then the outputs beyond the heads. If the backend {@linkplain Backend#checksFinite
   * checks}, the first array has one more row, which is finite if all numbers are.
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
   * {@return the source, and its arguments for the input shape of the results}
   *
   * @param results of the network, heads first
   * @param heads layouts of the first results
   * @param weights receives the weights that the program needs
   */
  static SizeArguments of(
      List<Symbol> results, List<HeadLayout> heads, Backend backend, WeightList weights) {
    ScriptSource source = new ScriptSource(results, heads, backend, weights);
    source.printBody();
    source.printOutputs();
    source.printFilteredOutputs();
    return SizeArguments.extract(source.text.toString());
  }

  /** Computes the results; instead of a head that is filtered beforehand, its input. */
  private void printBody() {
    List<Symbol> ends = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      ends.add(isFilteredBeforeHead(i) ? results.get(i).inputs().get(0) : results.get(i));
    }
    String statements = new ScriptPrinter(backend, weights).print(ends);
    method("body", "x: Tensor, w: List[Tensor], s: List[int]");
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

  private boolean isFilteredBeforeHead(int result) {
    return result < heads.size() && filtersBeforeHeads(results, heads, backend);
  }

  /**
   * {@return whether the heads are linear layers per position, computed only where objectness
   * passes}
   */
  static boolean filtersBeforeHeads(List<Symbol> results, List<HeadLayout> heads, Backend backend) {
    return backend.filtersBeforeHeads()
        && results.subList(0, heads.size()).stream().allMatch(ScriptSource::isLinear);
  }

  private static boolean isLinear(Symbol symbol) {
    return symbol.windows() == null
        && symbol.instruction() instanceof Convolution convolution
        && !convolution.addsInput()
        && Convolution.isPointwise(convolution.params())
        && convolution.params().groups() == 1
        && convolution.params().activation().isIdentity();
  }

  private void printOutputs() {
    method(OUTPUTS, "x: Tensor, w: List[Tensor], s: List[int], interleaved: bool");
    line("y = (__self__).body((__self__).input(x, interleaved, ), w, s, )");
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
    method(
        FILTERED_OUTPUTS,
        "x: Tensor, w: List[Tensor], s: List[int], interleaved: bool, logit: float");
    line("y = (__self__).body((__self__).input(x, interleaved, ), w, s, )");
    List<String> returned = new ArrayList<>();
    if (filtersBeforeHeads(results, heads, backend)) {
      for (int i = 0; i < heads.size(); i++) {
        Convolution head = (Convolution) results.get(i).instruction();
        filterBeforeHead(i, results.get(i), head.params(), heads.get(i));
        returned.add(packed(String.valueOf(i), heads.get(i)));
      }
    } else if (!heads.isEmpty()) {
      filterAfterHeads();
      returned.add(packed("", heads.get(0)));
    }
    for (int i = heads.size(); i < results.size(); i++) {
      returned.add(contiguousFloat("y[" + i + "]"));
      addToCheck("y[" + i + "]");
    }
    if (backend.checksFinite() && !heads.isEmpty()) {
      returned.set(0, withCheck(returned.get(0)));
    }
    line("return [" + String.join(", ", returned) + "]");
  }

  /** {@return the candidates, and a last row that is finite if all sums are} */
  private String withCheck(String rows) {
    String total = sums.get(0);
    for (String sum : sums.subList(1, sums.size())) {
      total = "torch.add(" + total + ", " + sum + ")";
    }
    line("total = " + total);
    line(
        "checked = torch.cat([%s, torch.expand(%s, [1, torch.size(%s, 1)])])",
        rows, TorchScript.reshape("total", 1, 1), rows);
    return "checked";
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
        i, TorchScript.reshape(TorchScript.toNhwc("y[" + i + "]"), -1, p.inChannels()));
    String byAnchor =
        TorchScript.reshape(TorchScript.INPUT, head.anchors(), head.valuesPerAnchor(), -1);
    line(
        "objectness%s = torch.linear(flat%s, %s)",
        i, i, linear(p, "torch.contiguous(torch.select(" + byAnchor + ", 1, 4))"));
    filter(String.valueOf(i));
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
      indices.add("torch.add(" + at + ", " + TorchScript.size(a * positions) + ")");
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

  /**
   * Computes the complete heads, and gathers the predictions of all levels whose objectness passes.
   * On a GPU each selection waits for the count, so there is one.
   */
  private void filterAfterHeads() {
    List<String> levels = new ArrayList<>();
    for (int i = 0; i < heads.size(); i++) {
      levels.add(
          TorchScript.reshape(
              TorchScript.toNhwc("y[" + i + "]"), -1, heads.get(i).valuesPerAnchor()));
    }
    line("all = torch.cat([%s])", String.join(", ", levels));
    line("objectness = torch.select(all, 1, 4)");
    filter("");
    line("places = %s", TorchScript.reshape("torch.nonzero(passes)", -1));
    line("raw = %s", backend.toFloat("torch.index_select(all, 0, places)"));
  }

  /**
   * Selects predictions. Each objectness logit is computed from all channels of its position, so it
   * is not finite if one of them is not.
   */
  private void filter(String suffix) {
    line("passes%s = torch.gt(objectness%s, logit)", suffix, suffix);
    addToCheck("objectness" + suffix);
  }

  /**
   * {@return the candidates as one array, which is one transfer from a GPU: the values, with the
   * sigmoid applied, and the index in two parts, since a float has only 24 bits}
   */
  private String packed(String suffix, HeadLayout head) {
    String raw = "raw" + suffix;
    List<String> columns = new ArrayList<>();
    if (head.masks() == 0) {
      columns.add("torch.sigmoid_(" + raw + ")");
    } else {
      int probabilities = head.probabilitiesPerAnchor();
      String masks = TorchScript.narrow(raw, 1, probabilities, head.masks());
      addToCheck(masks);
      columns.add("torch.sigmoid(" + TorchScript.narrow(raw, 1, 0, probabilities) + ")");
      columns.add(masks);
    }
    for (String part : List.of("torch.floor_divide(%s, %s)", "torch.remainder(%s, %s)")) {
      String half = TorchScript.fill(part, "places" + suffix, CandidateSelection.HALF);
      columns.add("torch.unsqueeze(torch.to(" + half + ", " + Backend.FLOAT + "), 1)");
    }
    String name = "packed" + suffix;
    line("%s = torch.cat([%s], 1)", name, String.join(", ", columns));
    return name;
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
