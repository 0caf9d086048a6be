package ai.irmb.internal.cli;

import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.OnnxExport;
import ai.irmb.internal.network.Summary;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a model as ONNX, for other runtimes. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a model as ONNX, in fp32, with folded batch norms.",
      "Input: images (N, 3, H, W), values 0 to 1. Outputs as YOLOv5's export has them: output0 (N,"
          + " predictions, 5 + classes + mask coefficients), decoded, in pixels; output1, the mask"
          + " prototypes of a segmentation model. N, H and W are dynamic; H and W must be multiples"
          + " of the largest stride."
    })
final class ExportCommand implements Callable<Integer> {
  @Mixin private final Console console = new Console();
  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final SizeOption size = new SizeOption();

  @Option(
      names = "--opset",
      paramLabel = "N",
      defaultValue = "" + OnnxExport.DEFAULT_OPSET,
      description = "Operator set, " + OnnxExport.OPSETS + " (default: ${DEFAULT-VALUE}).")
  private int opset = OnnxExport.DEFAULT_OPSET;

  @Option(
      names = "--raw",
      description = "Add the heads' raw logits as outputs: raw0, raw1, …, each (N, C, H, W).")
  private boolean raw;

  @Parameters(paramLabel = "OUT.onnx", description = "File to write.")
  private Path out = Path.of("");

  @Override
  public Integer call() {
    OutputNames.check(out, ".onnx");
    int[] side = size.heightAndWidth(640);
    Model loaded = model.loadWithWeights();
    if (loaded.roundUpToStride(side[0]) != side[0] || loaded.roundUpToStride(side[1]) != side[1]) {
      throw new IllegalArgumentException(
          "--size: expected multiples of the stride, "
              + loaded.stride()
              + ", found "
              + side[0]
              + "x"
              + side[1]);
    }
    Summary.of(loaded, side[0], side[1]);
    OnnxExport.write(loaded, opset, raw, out);
    console.out().line("operator set " + opset + "; written to " + out);
    return 0;
  }
}
