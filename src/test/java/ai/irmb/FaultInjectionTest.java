package ai.irmb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.block.Block;
import ai.irmb.block.BlockType;
import ai.irmb.error.ImageException;
import ai.irmb.error.InferenceException;
import ai.irmb.error.WeightsException;
import ai.irmb.image.RgbImage;
import ai.irmb.ops.Ops;
import ai.irmb.ops.Upsampling;
import ai.irmb.testing.ChildJvm;
import ai.irmb.testing.NativeMemory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A failure of the engine, a file or the heap is a typed error, leaks nothing, and the next call
 * works.
 */
@Tag("long")
class FaultInjectionTest {
  private static final Path WEIGHTS = Path.of("models/bccd-yolov5n_iRMB.pt");
  private static final Path IMAGE = Path.of("models/sample/blood-cells.jpg");
  private static final DetectOptions SMALL =
      DetectOptions.DEFAULTS.withSize(64).withConfidenceThreshold(0.01);

  @TempDir private Path folder = Path.of("");

  /**
   * Upsamples by two, as the network requires. The first instance, of 128 channels, makes 16
   * million positions of each position on the way: megabytes on a small image, half a terabyte on a
   * large one.
   */
  private record MemoryHungryUpsample(boolean isFirst) implements Block {
    static BlockType type() {
      AtomicInteger count = new AtomicInteger();
      return new BlockType(
          "nn.Upsample", null, scope -> new MemoryHungryUpsample(count.getAndIncrement() == 0));
    }

    @Override
    public <T> T forward(Ops<T> ops, T x) {
      T large = ops.upsample(x, Upsampling.nearest(2));
      if (!isFirst) {
        return large;
      }
      T wide = ops.upsample(ops.channels(x, 0, 1), Upsampling.nearest(64));
      T wider = ops.upsample(wide, Upsampling.nearest(64));
      T unused = ops.subsample(wider, 0, 0, 64 * 32);
      return ops.channels(ops.concat(List.of(large, unused)), 0, 128);
    }
  }

  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void failureInAForwardPassIsReportedAndTheNextOneWorks(ExecutionMode mode) throws IOException {
    RgbImage image = RgbImage.read(IMAGE);
    DetectOptions huge = DetectOptions.DEFAULTS.withSize(512, 16_384).withRectangular(false);
    Detections expected;
    try (Detector plain = detector(mode)) {
      expected = plain.detect(image, SMALL);
    }
    long arrays = NativeMemory.liveArrays();
    try (Detector detector =
        Detector.builder()
            .weights(WEIGHTS)
            .device("cpu")
            .execution(mode)
            .block(MemoryHungryUpsample.type())
            .build()) {
      assertEquals(expected, detector.detect(image, SMALL));
      assertNamed(assertThrows(InferenceException.class, () -> detector.detect(image, huge)));
      if (mode == ExecutionMode.COMPILED) {
        assertNamed(assertThrows(InferenceException.class, () -> detector.detect(image, huge)));
      }
      // By now the weights are also prepared for that size.
      long loaded = NativeMemory.liveArrays();
      assertNamed(assertThrows(InferenceException.class, () -> detector.detect(image, huge)));
      assertEquals(expected, detector.detect(image, SMALL));
      assertEquals(loaded, NativeMemory.liveArrays());
    }
    assertEquals(arrays, NativeMemory.liveArrays());
  }

  private static void assertNamed(InferenceException e) {
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains("bccd-yolov5n_iRMB.pt"), message);
    assertTrue(message.contains("512") && message.contains("16384"), message);
  }

  private static Detector detector(ExecutionMode mode) {
    return Detector.builder().weights(WEIGHTS).device("cpu").execution(mode).build();
  }

  /** A stream from a disk that fails. */
  private static final class FailingDisk extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("Input/output error");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return read();
    }
  }

  @Test
  void failureOfAStreamIsReportedAndTheNextImageIsRead() throws IOException {
    byte[] whole = Files.readAllBytes(IMAGE);
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    try (Detector detector = detector(ExecutionMode.COMPILED)) {
      Detections expected = detector.detect(IMAGE);
      InputStream failing =
          new SequenceInputStream(new ByteArrayInputStream(half), new FailingDisk());
      assertEquals(
          "Input/output error",
          assertThrows(IOException.class, () -> detector.detect(failing)).getMessage());
      assertThrows(ImageException.class, () -> detector.detect(new ByteArrayInputStream(half)));
      assertEquals(expected, detector.detect(IMAGE));
    }
  }

  @Test
  void foldersAndDevicesAreRejected() {
    assertThrows(WeightsException.class, () -> Detector.load(folder));
    assertThrows(ImageException.class, () -> RgbImage.read(folder));
    if (Files.exists(Path.of("/dev/zero"))) {
      assertThrows(WeightsException.class, () -> Detector.load("/dev/zero"));
      assertThrows(ImageException.class, () -> RgbImage.read(Path.of("/dev/zero")));
    }
  }

  /** Runs in a child JVM whose heap holds one of the images but not the other. */
  @Test
  void outOfHeapIsReportedAndTheNextImageIsRead() throws IOException, InterruptedException {
    ChildJvm.Result result =
        new ChildJvm(folder)
            .options("-Xmx96m", "-Djava.awt.headless=true")
            .run(
                SmallHeap.class,
                WEIGHTS.toAbsolutePath().toString(),
                IMAGE.toAbsolutePath().toString(),
                folder.toAbsolutePath().toString());
    assertEquals(0, result.code(), result.err());
    List<String> lines = result.out().lines().toList();
    assertEquals("ImageException", lines.get(0));
    assertTrue(lines.get(1).contains("memory"), lines.get(1));
    assertEquals("WeightsException", lines.get(2));
    assertTrue(lines.get(3).contains("memory"), lines.get(3));
    assertEquals("the same", lines.get(4));
  }

  /**
   * The engine destroys its static objects at exit; a thread that runs a network then would crash.
   */
  @ParameterizedTest
  @EnumSource(ExecutionMode.class)
  void jvmExitsCleanlyWhileItDetects(ExecutionMode mode) throws IOException, InterruptedException {
    for (int milliseconds : new int[] {60, 100}) {
      ChildJvm.Result result =
          new ChildJvm(folder)
              .options("-Xmx256m", "-Djava.awt.headless=true", "-Dirmb.shutdown.seconds=0")
              .run(
                  ExitWhileDetecting.class,
                  WEIGHTS.toAbsolutePath().toString(),
                  IMAGE.toAbsolutePath().toString(),
                  mode.name(),
                  String.valueOf(milliseconds));
      assertEquals(ExitWhileDetecting.CODE, result.code(), result.out() + result.err());
    }
  }
}
