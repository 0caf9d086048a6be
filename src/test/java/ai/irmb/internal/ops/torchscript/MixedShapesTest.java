package ai.irmb.internal.ops.torchscript;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.engine.PyTorchEngine;
import ai.irmb.internal.head.HeadLayout;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import ai.irmb.testing.OwnThread;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Images of many sizes: what their programs share, and that sharing changes no result. */
@ExtendWith(OwnThread.class)
@Tag("engine")
class MixedShapesTest {
  private static final int[][] SIZES = {{96, 160}, {160, 96}, {64, 224}, {128, 128}, {224, 192}};

  private final Model model =
      ModelAssembly.assemble(
          CheckpointReader.read(Path.of("models/bccd-yolov5n_iRMB.pt"), Limits.DEFAULTS),
          null,
          BlockRegistry.standard(),
          Limits.DEFAULTS);

  private final List<HeadLayout> heads =
      Collections.nCopies(model.strides().size(), model.network().head().layout());

  private List<Symbol> levels(ScriptOps ops, Symbol image) {
    return model.network().forward(ops, image, (index, output, alive) -> {}).levels();
  }

  @Test
  void allShapesHaveTheSameText() {
    for (Backend backend :
        List.of(ScriptTarget.cpu().backend(), ScriptTarget.cuda(0, DType.F16).backend())) {
      Set<String> texts = new HashSet<>();
      int shapes = 0;
      for (int batch : new int[] {1, 3}) {
        for (int side = 96; side <= 640; side += 32) {
          texts.add(text(Shape.of(batch, 3, 640, side), backend));
          texts.add(text(Shape.of(batch, 3, side, 640), backend));
          shapes += 2;
        }
      }
      assertEquals(72, shapes);
      assertEquals(1, texts.size());
    }
  }

  private String text(Shape shape, Backend backend) {
    ScriptOps ops = new ScriptOps();
    List<Symbol> results = levels(ops, ops.image(shape)).stream().map(ops::asMap).toList();
    return ScriptSource.of(
            GraphOptimizations.apply(results, backend), heads, backend, new WeightList())
        .text();
  }

  @Test
  void resultsDoNotDependOnTheShapesBefore() {
    List<float[]> alone = new ArrayList<>();
    for (int[] size : SIZES) {
      try (CompiledNetwork network = open(CompiledNetwork.MAX_EXTRA_COPIES)) {
        alone.add(outputs(network, size));
      }
    }
    try (CompiledNetwork network = open(CompiledNetwork.MAX_EXTRA_COPIES)) {
      for (int round = 0; round < 5; round++) {
        for (int i = 0; i < SIZES.length; i++) {
          assertArrayEquals(alone.get(i), outputs(network, SIZES[i]), "round " + round);
        }
      }
      assertEquals(SIZES.length, network.cachedPrograms());
      assertTrue(network.extraCopies() <= CompiledNetwork.MAX_EXTRA_COPIES);
    }
  }

  /** With room for the plain kernels only, each conversion drops those of other shapes. */
  @Test
  void memoryIsBounded() {
    List<float[]> first = new ArrayList<>();
    try (CompiledNetwork network = open(1)) {
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < SIZES.length; i++) {
          float[] outputs = outputs(network, SIZES[i]);
          if (round == 0) {
            first.add(outputs);
          }
          assertArrayEquals(first.get(i), outputs);
          assertTrue(network.extraCopies() <= 1, () -> "copies: " + network.extraCopies());
        }
      }
      if (PyTorchEngine.get().supportsFusedConvolutions()) {
        assertTrue(network.cachedPrograms() < SIZES.length);
      }
    }
  }

  private CompiledNetwork open(int maxExtraCopies) {
    ScriptTarget fused = ScriptTarget.cpu();
    return new CompiledNetwork(
        this::levels,
        heads,
        PyTorchEngine.get().supportsFusedConvolutions()
            ? fused
            : fused.with(ScriptTarget.ConvolutionMode.PLAIN),
        PyTorchEngine.get().newManager("cpu"),
        PyTorchEngine.get().programLoader(),
        maxExtraCopies);
  }

  private static float[] outputs(CompiledNetwork network, int[] size) {
    byte[] pixels = new byte[3 * size[0] * size[1]];
    new Random(5).nextBytes(pixels);
    HostTensor image =
        new HostTensor(
            DType.U8,
            Shape.of(1, size[0], size[1], 3),
            ByteBuffer.allocateDirect(pixels.length).put(pixels).flip());
    List<HostTensor> maps = network.outputs(ImageTensor.interleaved(image));
    int length = maps.stream().mapToInt(map -> (int) map.shape().elements()).sum();
    float[] all = new float[length];
    int to = 0;
    for (HostTensor map : maps) {
      float[] values = map.toFloats();
      System.arraycopy(values, 0, all, to, values.length);
      to += values.length;
    }
    return all;
  }
}
