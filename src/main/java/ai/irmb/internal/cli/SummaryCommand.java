package ai.irmb.internal.cli;

import ai.irmb.internal.network.LayerSummary;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.Summary;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints a network's layers, parameters and operations. */
@Command(
    name = "summary",
    mixinStandardHelpOptions = true,
    description = "Prints a network's layers, parameters and operations.")
final class SummaryCommand implements Callable<Integer> {
  @Mixin private final Console console = new Console();
  @Mixin private final ModelOptions options = new ModelOptions();
  @Mixin private final SizeOption size = new SizeOption();

  @Override
  public Integer call() {
    LinePrinter out = console.out();
    int[] hw = size.heightAndWidth(640);
    Model model = options.load();
    Summary summary = Summary.of(model, hw[0], hw[1]);
    out.format("%3s %18s %3s %11s  %-42s %s", "", "from", "n", "params", "module", "arguments");
    for (LayerSummary row : summary.layers()) {
      String from = row.isFromList() ? text(row.from()) : String.valueOf(row.from().get(0));
      out.format(
          "%3d %18s %3d %11d  %-42s %s",
          row.index(), from, row.repeats(), row.parameters(), row.module(), row.arguments());
    }
    out.format(
        "%d layers, %d parameters, %.1f GFLOPs at %d x %d (%d), strides %s, %d classes",
        summary.layers().size(),
        summary.parameters(),
        summary.flops() / 1e9,
        hw[0],
        hw[1],
        summary.flops(),
        model.strides().stream().map(s -> String.valueOf(s.intValue())).toList(),
        model.names().size());
    return 0;
  }

  private static String text(List<Integer> from) {
    return from.toString();
  }
}
