package ai.irmb.internal.ops.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.translate.NoopTranslator;
import ai.irmb.Detector;
import ai.irmb.image.RgbImage;
import ai.irmb.testing.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A detector leaves PyTorch's graph optimizer on for another TorchScript model of the process. */
@Tag("engine")
class GraphOptimizerTest {
  /** The optimizer merges the first two additions, which are equal. */
  private static final String THREE_ADDITIONS =
      """
        def forward(self, x: Tensor) -> Tensor:
          a = torch.add(x, x)
          b = torch.add(x, x)
          return torch.add(a, b)
      """;

  @TempDir private Path folder = Path.of("");

  @Test
  void optimizerStaysOnForOtherModels() throws IOException, InterruptedException {
    assertEquals(List.of("additions 2", "additions 2"), additions());
  }

  @Test
  void optimizerStaysOffIfTheApplicationSwitchedItOff() throws IOException, InterruptedException {
    assertEquals(
        List.of("additions 3", "additions 3"), additions("-Dai.djl.pytorch.graph_optimizer=false"));
  }

  private List<String> additions(String... options) throws IOException, InterruptedException {
    ChildJvm.Result result =
        new ChildJvm(folder)
            .options(options)
            .run(
                BothModels.class,
                Path.of("models/bccd-yolov5n_iRMB.pt").toAbsolutePath().toString(),
                folder.toAbsolutePath().toString());
    assertEquals(0, result.code(), result.err());
    return result.out().lines().filter(line -> line.startsWith("additions ")).toList();
  }

  /**
   * Detects, and counts the additions that another model does on the main thread and on a new one.
   */
  static final class BothModels {
    private BothModels() {}

    public static void main(String[] args) throws Exception {
      Path folder = Path.of(args[1]);
      Files.write(folder.resolve("other.pt"), ScriptArchive.of(THREE_ADDITIONS));
      RgbImage image = RgbImage.of(64, 64, new byte[3 * 64 * 64]);
      try (Detector detector = Detector.builder().weights(Path.of(args[0])).device("cpu").build();
          Model other = Model.newInstance("other", "PyTorch")) {
        other.load(folder);
        detector.detect(image);
        report(other, detector, image, folder.resolve("main.json"));
        Thread thread =
            new Thread(() -> report(other, detector, image, folder.resolve("thread.json")));
        thread.start();
        thread.join();
      }
    }

    private static void report(Model other, Detector detector, RgbImage image, Path trace) {
      try (Predictor<NDList, NDList> predictor = other.newPredictor(new NoopTranslator());
          NDManager manager = other.getNDManager().newSubManager()) {
        NDList input = new NDList(manager.ones(new ai.djl.ndarray.types.Shape(4)));
        for (int i = 0; i < 3; i++) {
          predictor.predict(input).close();
          detector.detect(image);
        }
        JniUtils.startProfile(false, false, false);
        predictor.predict(input).close();
        JniUtils.stopProfile(trace.toString());
        String events = Files.readString(trace, StandardCharsets.UTF_8);
        System.out.println(
            "additions "
                + Pattern.compile("\"name\": *\"aten::add\"").matcher(events).results().count());
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
