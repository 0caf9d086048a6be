package ai.irmb.internal.ops.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.head.HeadLayout;
import ai.irmb.internal.platform.Platform;
import ai.irmb.ops.Activation;
import ai.irmb.ops.Conv2dParams;
import ai.irmb.ops.Weight;
import ai.irmb.ops.WindowGrid;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import ai.irmb.testing.OwnThread;
import ai.irmb.testing.Tolerance;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What overflows in a narrow type is reported, or has no effect on the results. One pixel of the
 * second image causes it.
 */
@Tag("engine")
@ExtendWith(OwnThread.class)
class NonFiniteNumbersTest {
  private static final HeadLayout HEAD = new HeadLayout(2, 3, 0);
  private static final Shape IMAGES = Shape.of(2, 3, 14, 21);

  /** Index of the pixel; it is red. */
  private static final int AT = 3 * 14 * 21 + 100;

  private static final float PIXEL = 2;

  static Stream<ScriptTarget> narrowTargets() {
    Stream<ScriptTarget> cuda =
        Stream.of(
            ScriptTarget.cuda(0, DType.F16).onCpu(), ScriptTarget.cuda(0, DType.BF16).onCpu());
    return Platform.hasBf16() && PyTorchEngine.get().supportsFusedConvolutions()
        ? Stream.concat(cuda, Stream.of(ScriptTarget.cpu().with(DType.BF16)))
        : cuda;
  }

  @ParameterizedTest
  @MethodSource("narrowTargets")
  void overflowInsideTheNetworkIsReported(ScriptTarget target) {
    assertTrue(run(target, network(1, Activation.IDENTITY)).isFinite());
    assertFalse(run(target, network(huge(target), Activation.IDENTITY)).isFinite());
    // The limit of SiLU is 0, but infinity times 0 is not a number.
    assertFalse(run(target, network(-huge(target), Activation.SILU)).isFinite());
  }

  @ParameterizedTest
  @MethodSource("narrowTargets")
  void overflowThatAnActivationBoundsHasNoEffect(ScriptTarget target) {
    for (Activation.Kind bounded : List.of(Activation.Kind.SIGMOID, Activation.Kind.RELU6)) {
      for (float weight : new float[] {huge(target), -huge(target)}) {
        NetworkDefinition network = network(weight, Activation.of(bounded));
        assertTrue(run(target, network).isFinite());
        Tolerance.check(
            bounded + " of " + weight,
            outputs(target.with(DType.F32), network),
            outputs(target, network),
            0.03);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("narrowTargets")
  void overflowOfPrototypesIsReported(ScriptTarget target) {
    for (float weight : new float[] {1, huge(target)}) {
      FilteredOutputs found =
          run(
              target,
              (ops, image) ->
                  List.of(head(ops, image), ops.conv2d(image, pointwise(filled(weight, 4, 3)))));
      assertEquals(weight == 1, found.isFinite());
    }
  }

  @ParameterizedTest
  @MethodSource("narrowTargets")
  void overflowOfMaskCoefficientsIsReported(ScriptTarget target) {
    HeadLayout masks = new HeadLayout(1, 3, 4);
    for (float weight : new float[] {1, huge(target)}) {
      // All predictions pass; only the last coefficient has the weight.
      float[] weights = new float[12 * 3];
      Arrays.fill(weights, 33, 36, weight);
      Conv2dParams params =
          Conv2dParams.pointwise(
              Weight.of("weight", Shape.of(12, 3, 1, 1), () -> weights),
              Weight.of("bias", Shape.of(12), () -> values(12, 5)),
              Activation.IDENTITY);
      FilteredOutputs found =
          run(target, masks, (ops, image) -> List.of(ops.conv2d(image, params)));
      assertEquals(2 * 14 * 21, found.heads().get(0).indices().length);
      assertEquals(weight == 1, found.isFinite());
    }
  }

  /** The queries and keys fit half precision, their products (16 million) do not. */
  @ParameterizedTest
  @MethodSource("narrowTargets")
  void scoresOfAttentionThatOverflowAreReportedOrHaveNoEffect(ScriptTarget target) {
    for (float query : new float[] {2000, -2000}) {
      NetworkDefinition network = attention(query, 2000);
      if (run(target, network).isFinite()) {
        Tolerance.check(
            "query " + query,
            outputs(target.with(DType.F32), network),
            outputs(target, network),
            0.03);
      }
    }
  }

  /** Infinite scores also of single precision, in which the CPU attends. */
  @ParameterizedTest
  @MethodSource("narrowTargets")
  void infiniteScoresOfAttentionAreReported(ScriptTarget target) {
    if (target.precision() == DType.BF16) {
      assertFalse(run(target, attention(1e20f, 1e20f)).isFinite());
    }
  }

  @Test
  void singlePrecisionIsNotChecked() {
    ScriptTarget plain = ScriptTarget.cuda(0, DType.F32).onCpu();
    assertTrue(run(plain, network(3e38f, Activation.IDENTITY)).isFinite());
  }

  /** {@return a weight that the type has; its product with the pixel overflows} */
  private static float huge(ScriptTarget target) {
    return target.precision() == DType.F16 ? 6e4f : 3e38f;
  }

  /** A convolution with one weight everywhere, an activation, and the head. */
  private static NetworkDefinition network(float weight, Activation activation) {
    return (ops, image) -> {
      Symbol x = ops.conv2d(image, pointwise(filled(weight, 8, 3)));
      return List.of(head(ops, ops.activation(x, activation)));
    };
  }

  private static NetworkDefinition attention(float query, float key) {
    WindowGrid grid = new WindowGrid(7, 1, 1);
    return (ops, image) -> {
      Symbol x = ops.padToWindows(image, grid);
      Symbol q = ops.conv2d(x, pointwise(filled(query, 3, 3)));
      Symbol k = ops.conv2d(x, pointwise(filled(key, 3, 3)));
      return List.of(head(ops, ops.cropLike(ops.windowAttention(q, k, x, grid), image)));
    };
  }

  private static Symbol head(ScriptOps ops, Symbol x) {
    int outputs = HEAD.anchors() * HEAD.valuesPerAnchor();
    return ops.conv2d(x, pointwise(filled(0.125f, outputs, x.size(1))));
  }

  private static Conv2dParams pointwise(Weight weight) {
    return Conv2dParams.pointwise(weight, null, Activation.IDENTITY);
  }

  private static Weight filled(float value, int out, int in) {
    return Weight.of("weight", Shape.of(out, in, 1, 1), () -> values(out * in, value));
  }

  private static float[] values(int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return values;
  }

  private static FilteredOutputs run(ScriptTarget target, NetworkDefinition network) {
    return run(target, HEAD, network);
  }

  private static FilteredOutputs run(
      ScriptTarget target, HeadLayout head, NetworkDefinition network) {
    try (CompiledNetwork compiled = open(target, head, network)) {
      return compiled.filteredOutputs(images(), 0.9);
    }
  }

  private static float[] outputs(ScriptTarget target, NetworkDefinition network) {
    try (CompiledNetwork compiled = open(target, HEAD, network)) {
      return compiled.outputs(images()).get(0).toFloats();
    }
  }

  private static CompiledNetwork open(
      ScriptTarget target, HeadLayout head, NetworkDefinition network) {
    return new CompiledNetwork(
        network,
        List.of(head),
        target,
        PyTorchEngine.get().newManager("cpu"),
        PyTorchEngine.get().programLoader());
  }

  private static ImageTensor images() {
    float[] pixels = new float[(int) IMAGES.elements()];
    pixels[AT] = PIXEL;
    return ImageTensor.planar(HostTensor.of(IMAGES, pixels));
  }
}
