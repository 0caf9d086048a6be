package ai.irmb.internal.cli;

import ai.irmb.ExecutionMode;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.execution.LayerTrace;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.weights.npz.NpzFile;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares a model with tensors that PyTorch computed. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Compares a model with tensors from PyTorch.",
      "These are the input x, and any of layerNN, rawN, decoded, proto. The exit code is 1 if a"
          + " difference, relative to the tensor's largest value, exceeds the tolerance."
    })
final class CompareCommand implements Callable<Integer> {
  @Mixin private final Console console = new Console();
  @Mixin private final ModelOptions options = new ModelOptions();
  @Mixin private final DeviceOption device = new DeviceOption();
  @Mixin private final ExecutionOption execution = new ExecutionOption(ExecutionMode.EAGER);

  @Option(
      names = "--reference",
      required = true,
      paramLabel = "FILE.npz",
      description = "The tensors, as numpy.savez writes them.")
  private Path reference = Path.of("");

  @Option(
      names = "--tolerance",
      defaultValue = "1e-4",
      description = "Maximum relative difference (default: ${DEFAULT-VALUE}).")
  private double tolerance;

  private @Nullable String first;

  @Override
  public Integer call() {
    LinePrinter out = console.out();
    Model model = options.loadWithWeights();
    NpzFile file = NpzFile.read(reference, options.limits());
    HostTensor x = file.arrays().get("x");
    if (x == null || x.shape().rank() != 4 || x.shape().get(1) != model.channels()) {
      throw new WeightsException(
          reference.getFileName()
              + ": expected an array x of (N, "
              + model.channels()
              + ", H, W), found "
              + (x == null ? "none" : x.shape()));
    }
    Set<String> compared = new HashSet<>(Set.of("x"));
    LayerTrace.Visitor visitor =
        (name, shape, values) -> {
          HostTensor expected = file.arrays().get(name);
          if (expected != null) {
            compared.add(name);
            compare(out, name, expected, shape, values);
          }
        };
    if (execution.mode == ExecutionMode.EAGER) {
      LayerTrace.run(model, device.device(), x.shape(), x.toFloats(), visitor);
    } else {
      LayerTrace.runCompiled(model, device.device(), x.shape(), x.toFloats(), visitor);
    }
    file.names().stream()
        .filter(n -> !compared.contains(n))
        .forEach(n -> out.line(n + ": ignored"));
    if (compared.size() == 1) {
      throw new WeightsException(reference.getFileName() + ": there is no array to compare with");
    }
    if (first != null) {
      out.line("first difference above the tolerance: " + first);
      return Main.FAILURE;
    }
    out.line("all within " + tolerance);
    return 0;
  }

  private void compare(
      LinePrinter out, String name, HostTensor expected, Shape shape, float[] values) {
    if (!expected.shape().equals(shape)) {
      out.line(name + ": shape " + shape + ", the reference has " + expected.shape());
      noteDifference(name);
      return;
    }
    float[] reference = expected.toFloats();
    double largest = 0;
    double worst = 0;
    int at = 0;
    for (int i = 0; i < reference.length; i++) {
      largest = Math.max(largest, Math.abs(reference[i]));
      double difference = Math.abs((double) reference[i] - values[i]);
      if (!(difference <= worst)) {
        worst = difference;
        at = i;
      }
    }
    double relative = worst == 0 ? 0 : worst / largest;
    out.format(
        "%-10s %-22s %.2e of %.4g at %s: %s, reference %s",
        name,
        shape,
        relative,
        largest,
        index(shape, at),
        values.length == 0 ? "" : String.valueOf(values[at]),
        reference.length == 0 ? "" : String.valueOf(reference[at]));
    if (!(relative <= tolerance)) {
      noteDifference(name);
    }
  }

  private void noteDifference(String name) {
    if (first == null) {
      first = name;
    }
  }

  private static String index(Shape shape, int flat) {
    long[] sizes = shape.toArray();
    long[] index = new long[sizes.length];
    long left = flat;
    for (int i = sizes.length - 1; i >= 0; i--) {
      index[i] = sizes[i] == 0 ? 0 : left % sizes[i];
      left = sizes[i] == 0 ? 0 : left / sizes[i];
    }
    return Shape.of(index).toString();
  }
}
