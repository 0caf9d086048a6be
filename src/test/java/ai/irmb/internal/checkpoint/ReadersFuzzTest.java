package ai.irmb.internal.checkpoint;

import ai.irmb.error.ImageException;
import ai.irmb.error.IrmbException;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.config.DatasetConfig;
import ai.irmb.internal.config.ModelConfig;
import ai.irmb.internal.geometry.LetterboxGeometry;
import ai.irmb.internal.image.Letterbox;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.internal.network.Summary;
import ai.irmb.internal.postprocess.Nms;
import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.npz.NpzFile;
import ai.irmb.internal.weights.torch.ZipBuilder;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A fuzz target for each reader. In the test suite they run only their seeds, the files of {@code
 * ReadersFuzzTestInputs}. With {@code JAZZER_FUZZ=1} in the environment one of them is fuzzed,
 * guided by coverage. Inputs that failed are kept as seeds.
 */
@org.junit.jupiter.api.Tag("fast")
class ReadersFuzzTest {
  private static final String LONG = "30m";

  /** The archive is valid, so that the pickle reader gets every change. */
  @FuzzTest(maxDuration = LONG)
  void pickle(byte[] data) {
    read(
        new ZipBuilder()
            .put("m/data.pkl", data)
            .put("m/data/0", new byte[16])
            .put("m/data/1", new byte[64])
            .bytes());
  }

  @FuzzTest(maxDuration = LONG)
  void archive(byte[] data) {
    read(data);
  }

  /** The length is correct, so that the JSON parser gets every change. */
  @FuzzTest(maxDuration = LONG)
  void safetensors(byte[] header) {
    read(
        ByteBuffer.allocate(8 + header.length + 64)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array());
  }

  private static void read(byte[] file) {
    try {
      Checkpoint checkpoint = CheckpointReader.read(WeightFile.of("a", file), Limits.DEFAULTS);
      ModelAssembly.assemble(checkpoint, null, BlockRegistry.standard(), Limits.DEFAULTS);
    } catch (IrmbException e) {
      requireNamed(e, "a");
    }
  }

  @FuzzTest(maxDuration = LONG)
  void yaml(byte[] data) {
    try {
      ModelConfig config = ModelConfig.parse("a.yaml", data, Limits.DEFAULTS);
      Summary.of(ModelAssembly.describe(config, BlockRegistry.standard()), 64, 64);
    } catch (IrmbException e) {
      requireNamed(e, "a.yaml");
    }
  }

  @FuzzTest(maxDuration = LONG)
  void dataset(byte[] data) throws IOException {
    readFile(".yaml", data, file -> DatasetConfig.read(file, Limits.DEFAULTS));
  }

  @FuzzTest(maxDuration = LONG)
  void npz(byte[] data) throws IOException {
    readFile(".npz", data, file -> NpzFile.read(file, Limits.DEFAULTS));
  }

  /** For a reader that takes a path only. */
  private static void readFile(String ending, byte[] data, Consumer<Path> reader)
      throws IOException {
    Path file = Files.createTempFile("fuzz", ending);
    try {
      Files.write(file, data);
      reader.accept(file);
    } catch (IrmbException e) {
      if (!String.valueOf(e.getMessage()).contains(String.valueOf(file.getFileName()))) {
        throw new IllegalStateException("the message does not name the file", e);
      }
    } finally {
      Files.delete(file);
    }
  }

  private static void requireNamed(IrmbException e, String file) {
    if (!String.valueOf(e.getMessage()).startsWith(file + ":")) {
      throw new IllegalStateException("the message does not name the file", e);
    }
  }

  @FuzzTest(maxDuration = LONG)
  void image(byte[] data) {
    try {
      RgbImage.read(
          data,
          "a.jpg",
          new ReadOptions(Limits.DEFAULTS.with(Limit.PIXELS, 1 << 20), data.length % 2 == 1));
    } catch (ImageException e) {
      requireNamed(e, "a.jpg");
    }
  }

  @FuzzTest(maxDuration = LONG)
  void letterboxAndNms(FuzzedDataProvider data) {
    letterbox(data);
    int count = data.consumeInt(0, 40);
    float[] boxes = new float[4 * count];
    for (int i = 0; i < boxes.length; i++) {
      boxes[i] = data.consumeFloat();
    }
    float[] scores = new float[count];
    int[] classes = new int[count];
    for (int i = 0; i < count; i++) {
      scores[i] = data.consumeFloat();
      classes[i] = data.consumeInt(0, 90);
    }
    ScoredBoxes boxesWithScores =
        new ScoredBoxes(count, boxes, scores, classes, new int[count], new float[0], 0);
    Nms nms = new Nms(data.consumeProbabilityDouble(), data.consumeBoolean(), 30, 10);
    if (nms.suppress(boxesWithScores).count() > Math.min(count, 10)) {
      throw new IllegalStateException("there are more detections than allowed");
    }
  }

  private static void letterbox(FuzzedDataProvider data) {
    int width = data.consumeInt(1, 300);
    int height = data.consumeInt(1, 300);
    LetterboxGeometry geometry;
    try {
      geometry =
          LetterboxGeometry.of(
              width,
              height,
              data.consumeInt(1, 300),
              data.consumeInt(1, 300),
              data.consumeBoolean(),
              data.consumeBoolean(),
              data.consumeInt(1, 64));
    } catch (ImageException e) {
      return;
    }
    RgbImage image = RgbImage.of(width, height, new byte[3 * width * height]);
    ByteBuffer out = ByteBuffer.allocateDirect(geometry.bytes());
    Letterbox.apply(image, geometry, out, 0);
  }
}
