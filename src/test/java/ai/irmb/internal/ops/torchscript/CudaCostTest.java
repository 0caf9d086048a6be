package ai.irmb.internal.ops.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.block.Head;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The kernels and synchronizations of the programs for CUDA, for one image of 640 x 640, cannot
 * grow unnoticed (docs/decisions/one-selection.md).
 */
@Tag("fast")
class CudaCostTest {
  @ParameterizedTest
  @CsvSource({
    "yolov5s, F32, 215, 2",
    "yolov5s, F16, 220, 2",
    "yolov5s_iRMB, F32, 284, 2",
    "yolov5s_iRMB, F16, 289, 2",
    "yolov5s_iRMB-bottleneck, F32, 537, 2",
    "yolov5s_iRMB-bottleneck, F16, 542, 2",
    "yolov5n_iRMB, F16, 289, 2",
    "yolov5n_iRMB-bottleneck, F16, 542, 2",
    "yolov5_iRMB-seg, F16, 1211, 3",
  })
  void programsStartTheseKernels(String config, DType type, int launches, int synchronizations) {
    CudaCost cost = cost(config, type);
    assertEquals(
        List.of(launches, synchronizations),
        List.of(cost.launches(), cost.synchronizations()),
        cost::toString);
  }

  private static CudaCost cost(String config, DType type) {
    Model model =
        ModelAssembly.describe(
            ModelConfig.read(Path.of("configs", config + ".yaml"), Limits.DEFAULTS),
            BlockRegistry.standard());
    ScriptOps ops = new ScriptOps();
    Head.Outputs<Symbol> outputs =
        model.network().forward(ops, ops.image(Shape.of(1, 3, 640, 640)), (i, y, alive) -> {});
    List<Symbol> results = new ArrayList<>(outputs.levels());
    if (outputs.proto() != null) {
      results.add(outputs.proto());
    }
    Backend backend = ScriptTarget.cuda(0, type).backend();
    String program =
        ScriptSource.of(
                GraphOptimizations.apply(results.stream().map(ops::asMap).toList(), backend),
                Collections.nCopies(outputs.levels().size(), model.network().head().layout()),
                backend,
                new WeightList())
            .text();
    return CudaCost.of(program, ScriptSource.FILTERED_OUTPUTS);
  }
}
