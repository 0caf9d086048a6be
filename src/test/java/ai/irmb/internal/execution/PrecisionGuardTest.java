package ai.irmb.internal.execution;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.ExecutionMode;
import ai.irmb.error.InferenceException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.internal.ops.torchscript.ScriptTarget;
import ai.irmb.internal.postprocess.CandidateFilter;
import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.DType;
import ai.irmb.testing.OwnThread;
import ai.irmb.testing.Shared;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A network of the reference whose activations exceed half precision gives the boxes of single
 * precision with one warning, or an error.
 */
@Tag("reference")
@ExtendWith(OwnThread.class)
class PrecisionGuardTest {
  private static final CandidateFilter FILTER = new CandidateFilter(0.3f, false, null);
  private static final ScriptTarget HALF = ScriptTarget.cuda(0, DType.F16).onCpu();

  private final List<String> warnings = new ArrayList<>();

  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void overflowGivesTheBoxesOfSinglePrecision(ExecutionMode mode) {
    Model model = overflowing();
    try (Execution single = open(model, DType.F32, mode);
        Execution guarded =
            new PrecisionGuard(
                "some.pt",
                DType.F16,
                open(model, DType.F16, mode),
                new LazyExecution(() -> open(model, DType.F32, mode)),
                warnings::add)) {
      ScoredBoxes expected = single.run(batch(), FILTER).get(0).candidates();
      assertTrue(expected.count() > 0);
      for (int pass = 0; pass < 2; pass++) {
        ScoredBoxes actual = guarded.run(batch(), FILTER).get(0).candidates();
        assertArrayEquals(expected.sources(), actual.sources());
        assertArrayEquals(expected.boxes(), actual.boxes(), 1e-3f);
        assertArrayEquals(expected.scores(), actual.scores(), 1e-5f);
      }
    }
    assertEquals(
        List.of(
            "some.pt: precision fp16 gave NaN or infinity on a batch of 1 x 3 x 64 x 96; it has no"
                + " numbers above 65504; use bf16, which has, or fp32; this batch, and each later"
                + " one like it, is computed in fp32 again"),
        warnings);
  }

  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void overflowIsAnErrorIfStrict(ExecutionMode mode) {
    try (Execution strict = ExecutionFactory.open(overflowing(), HALF, mode, true)) {
      InferenceException e =
          assertThrows(InferenceException.class, () -> strict.run(batch(), FILTER));
      assertTrue(
          requireNonNull(e.getMessage())
              .startsWith("yolov5n_C2f_iRMB.pt: precision fp16 gave NaN or infinity"),
          e.getMessage());
    }
  }

  /** Its range is that of single precision. */
  @Test
  void bfloat16IsFinite() {
    try (Execution strict =
        ExecutionFactory.open(overflowing(), HALF.with(DType.BF16), ExecutionMode.COMPILED, true)) {
      assertEquals(1, strict.run(batch(), FILTER).size());
    }
  }

  private static Execution open(Model model, DType type, ExecutionMode mode) {
    return mode == ExecutionMode.COMPILED
        ? new CompiledExecution(model, HALF.with(type))
        : new EagerExecution(
            PyTorchEngine.get().newManager("cpu"),
            model.network(),
            ExecutionFactory.decoder(model),
            type == DType.F16);
  }

  private static Model overflowing() {
    Path file = Shared.path("reference/models/yolov5n_C2f_iRMB.pt");
    return ModelAssembly.assemble(
        CheckpointReader.read(file, Limits.DEFAULTS),
        null,
        BlockRegistry.standard(),
        Limits.DEFAULTS);
  }

  /** {@return noise, which excites the random network more than photographs do} */
  private static Batch batch() {
    ByteBuffer pixels = ByteBuffer.allocateDirect(3 * 64 * 96);
    Random random = new Random(1);
    while (pixels.hasRemaining()) {
      pixels.put((byte) random.nextInt(256));
    }
    return new Batch(pixels.flip(), 1, 64, 96);
  }
}
