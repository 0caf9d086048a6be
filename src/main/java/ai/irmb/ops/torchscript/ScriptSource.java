package ai.irmb.ops.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The methods of a program for one shape of input, as text. */
final class ScriptSource {
  /** Runs the network and gives every result whole. */
  static final String MAPS = "maps";

  /** Runs the network and gives only the boxes that pass, then the results beyond the heads. */
  static final String FOUND = "found";

  private final Backend backend;
  private final StringBuilder text = new StringBuilder();

  private ScriptSource(Backend backend) {
    this.backend = backend;
  }

  /**
   * {@return the source}
   *
   * @param results of the network, heads first
   * @param heads what the first results are
   * @param weights filled with what the program needs
   */
  static String of(List<Symbol> results, List<Head> heads, Backend backend, WeightList weights) {
    ScriptSource source = new ScriptSource(backend);
    source.body(new ScriptPrinter(backend, weights).print(results));
    source.maps(results.size());
    source.found(results, heads);
    return source.text.toString();
  }

  private void body(String statements) {
    method("body", "x: Tensor, w: List[Tensor]");
    text.append(statements);
    method("input", "x: Tensor, interleaved: bool", "Tensor");
    line("y = x");
    line("if interleaved:");
    line("  y = torch.permute(x, [0, 3, 1, 2])");
    line("else:");
    line("  pass");
    line("z = torch.to(y, " + Backend.FLOAT + ")");
    line("if torch.eq(ops.prim.dtype(x), 0):");
    line("  z = torch.div_(z, 255)");
    line("else:");
    line("  pass");
    line("return " + backend.fromFloat("torch.contiguous(z, memory_format=2)"));
  }

  private void maps(int results) {
    method(MAPS, "x: Tensor, w: List[Tensor], interleaved: bool");
    line("y = (__self__).body((__self__).input(x, interleaved, ), w, )");
    List<String> whole = new ArrayList<>();
    for (int i = 0; i < results; i++) {
      whole.add(whole(i));
    }
    line("return [" + String.join(", ", whole) + "]");
  }

  private String whole(int result) {
    return "torch.contiguous(" + backend.toFloat("y[" + result + "]") + ")";
  }

  private void found(List<Symbol> results, List<Head> heads) {
    method(FOUND, "x: Tensor, w: List[Tensor], interleaved: bool, logit: float");
    line("y = (__self__).body((__self__).input(x, interleaved, ), w, )");
    List<String> returned = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      if (i < heads.size()) {
        head(i, results.get(i), heads.get(i));
        returned.add("rows" + i);
        returned.add("places" + i);
      } else {
        returned.add(whole(i));
      }
    }
    line("return [" + String.join(", ", returned) + "]");
  }

  /** Only the objectness of all boxes is looked at; the sigmoid is taken of those that pass. */
  private void head(int i, Symbol map, Head head) {
    String split =
        Code.reshape(
            "y[" + i + "]", map.size(0), head.anchors(), head.columns(), map.size(2), map.size(3));
    line("boxes" + i + " = " + Code.permute(split, 0, 1, 3, 4, 2));
    line("places%d = torch.nonzero(torch.gt(torch.select(boxes%d, 4, 4), logit))", i, i);
    line("at%d = torch.unbind(places%d, 1)", i, i);
    line(
        "raw%d = %s",
        i,
        backend.toFloat(
            "torch.index(boxes%d, annotate(List[Optional[Tensor]], [at%d[0], at%d[1], at%d[2], at%d[3]]))"
                .formatted(i, i, i, i, i)));
    if (head.masks() == 0) {
      line("rows%d = torch.sigmoid_(raw%d)", i, i);
    } else {
      line(
          "rows%d = torch.cat([torch.sigmoid(%s), %s], 1)",
          i,
          Code.narrow("raw" + i, 1, 0, head.logits()),
          Code.narrow("raw" + i, 1, head.logits(), head.masks()));
    }
  }

  private void method(String name, String arguments) {
    method(name, arguments, "List[Tensor]");
  }

  private void method(String name, String arguments, String result) {
    text.append("  def %s(__self__, %s) -> %s:\n".formatted(name, arguments, result));
  }

  private void line(String format, Object... arguments) {
    text.append("    ")
        .append(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments))
        .append('\n');
  }
}
