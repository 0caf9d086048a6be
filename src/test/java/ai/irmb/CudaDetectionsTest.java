package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.checkpoint.CheckpointReader;
import ai.irmb.internal.execution.ExecutionFactory;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.internal.ops.torchscript.ScriptTarget;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.DType;
import ai.irmb.testing.Partners;
import ai.irmb.testing.SameDetections;
import ai.irmb.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The detections of trained models with the programs that CUDA gets, run on the CPU. In half
 * precision and bfloat16, each clear detection of single precision has a partner, and the reverse.
 */
@Tag("reference")
class CudaDetectionsTest {
  /** Half precision takes seconds for an image on a CPU, so a few images are the rule. */
  private static final boolean THOROUGH = Boolean.getBoolean("irmb.thorough");

  @TestFactory
  Stream<DynamicTest> modelsDetectTheSameInEachPrecision() {
    return Stream.of("bccd-yolov5n_iRMB", "bccd-yolov5n_iRMB-bottleneck", "yolov5n-coco")
        .filter(name -> Shared.isThere() || name.startsWith("bccd"))
        .map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
  }

  private static void check(String name) throws IOException {
    boolean shipped = name.startsWith("bccd");
    Path weights =
        shipped ? Path.of("models", name + ".pt") : Shared.path("data/checkpoints/" + name + ".pt");
    List<RgbImage> images = images(shipped);
    DetectOptions options = DetectOptions.DEFAULTS.withSize(320);
    List<Detections> expected;
    try (Detector detector = Detector.builder().weights(weights).device("cpu").build()) {
      expected = detector.detectAll(images, options);
    }
    assertTrue(expected.stream().allMatch(detections -> detections.size() > 0));
    List<Detections> single = detections(weights, DType.F32, images, options);
    List<Detections> half = detections(weights, DType.F16, images, options);
    List<Detections> bfloat = detections(weights, DType.BF16, images, options);
    for (int i = 0; i < images.size(); i++) {
      List<Detection> clear = expected.get(i).list();
      SameDetections.assertSame(clear, single.get(i).list());
      Partners.check(name + " fp16, image " + i, clear, half.get(i).list(), 0.02);
      Partners.check(name + " bf16, image " + i, clear, bfloat.get(i).list(), 0.7, 0.1);
    }
  }

  private static List<Detections> detections(
      Path weights, DType type, List<RgbImage> images, DetectOptions options) {
    Model model =
        ModelAssembly.assemble(
            CheckpointReader.read(weights, Limits.DEFAULTS),
            null,
            BlockRegistry.standard(),
            Limits.DEFAULTS);
    ScriptTarget target = ScriptTarget.cuda(0, type).onCpu();
    DetectorSettings settings = DetectorSettings.DEFAULTS.withDevice("cpu");
    try (Pipeline pipeline =
        Pipeline.of(
            model, ExecutionFactory.open(model, target, ExecutionMode.COMPILED, true), settings)) {
      return pipeline.detect(images, options);
    }
  }

  /** {@return blood cells for the shipped models, photographs for the other} */
  private static List<RgbImage> images(boolean shipped) throws IOException {
    if (!Shared.isThere()) {
      return List.of(RgbImage.read(Path.of("models", "sample", "blood-cells.jpg")));
    }
    Path folder = Shared.path(shipped ? "data/bccd/images/test" : "data/pictures");
    List<RgbImage> images = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> sorted = files.sorted().toList();
      int step = shipped ? (THOROUGH ? 6 : 36) : (THOROUGH ? 1 : 2);
      for (int i = 0; i < sorted.size(); i += step) {
        images.add(RgbImage.read(sorted.get(i)));
      }
    }
    return images;
  }
}
