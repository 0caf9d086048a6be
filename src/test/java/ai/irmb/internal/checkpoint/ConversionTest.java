package ai.irmb.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.weights.StateDict;
import ai.irmb.internal.weights.StoragePrecision;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.DType;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Writing checkpoints as safetensors and reading them back, and conversions of precision. */
@Tag("fast")
class ConversionTest {
  @TempDir Path folder = Path.of("");

  @TestFactory
  @EnabledIfSystemProperty(named = "irmb.shared", matches = ".+")
  Stream<DynamicTest> readsBackEveryReferenceCheckpoint() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String part : List.of("checkpoints", "variants")) {
      try (Stream<Path> all = Files.list(SharedFiles.path("reference").resolve(part))) {
        all.filter(file -> file.toString().endsWith(".pt")).sorted().forEach(files::add);
      }
    }
    return files.stream()
        .filter(file -> !file.toString().matches(".*/(cls|v6.2-cls|torchscript|calls-out)\\.pt"))
        .map(file -> DynamicTest.dynamicTest(file.toString(), () -> checkRoundTrip(file)));
  }

  @Test
  void readsBackACheckpoint() throws IOException {
    checkRoundTrip(Fixtures.path("good.pt"));
  }

  private void checkRoundTrip(Path file) {
    Checkpoint read = CheckpointReader.read(file, Limits.DEFAULTS);
    Path out = folder.resolve("out.safetensors");
    CheckpointWriter.write(read, out, StoragePrecision.KEEP);
    byte[] first = bytes(out);
    Checkpoint readBack = CheckpointReader.read(out, Limits.DEFAULTS);
    assertSame(read, readBack);
    CheckpointWriter.write(readBack, out, StoragePrecision.KEEP);
    assertArrayEquals(first, bytes(out));
  }

  private static void assertSame(Checkpoint expected, Checkpoint actual) {
    assertEquals(expected.modules(), actual.modules());
    assertEquals(expected.yaml(), actual.yaml());
    assertEquals(expected.names(), actual.names());
    assertEquals(List.copyOf(expected.names().keySet()), List.copyOf(actual.names().keySet()));
    assertEquals(expected.strides(), actual.strides());
    assertEquals(expected.anchors(), actual.anchors());
    assertEquals(expected.imageSize(), actual.imageSize());
    Map<String, HostTensor> tensors = actual.weights().tensors();
    assertEquals(List.copyOf(expected.weights().tensors().keySet()), List.copyOf(tensors.keySet()));
    expected
        .weights()
        .tensors()
        .forEach(
            (key, tensor) -> {
              HostTensor other = Objects.requireNonNull(tensors.get(key));
              assertEquals(tensor.dtype(), other.dtype(), key);
              assertEquals(tensor.shape(), other.shape(), key);
              assertEquals(tensor.bytes(), other.bytes(), key);
            });
  }

  @Test
  void widensHalvesExactlyAndRoundsSinglesToTheNearestHalf() {
    HostTensor singles =
        HostTensor.of(Shape.of(6), 1f, 1 + 0x1p-11f, 65519f, 0x1p-24f, 0x1p-25f, -0f);
    HostTensor halves = StoragePrecision.FP16.convert(singles, "k");
    assertEquals(DType.F16, halves.dtype());
    assertArrayEquals(new float[] {1f, 1f, 65504f, 0x1p-24f, 0f, -0f}, halves.toFloats());
    assertArrayEquals(halves.toFloats(), StoragePrecision.FP32.convert(halves, "k").toFloats());
  }

  @Test
  void everyHalfSurvivesARoundTripThroughSinglePrecision() {
    ByteBuffer all = ByteBuffer.allocate(2 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 1 << 16; i++) {
      all.putShort((short) i);
    }
    HostTensor halves = new HostTensor(DType.F16, Shape.of(1 << 16), all.flip());
    HostTensor back =
        StoragePrecision.FP16.convert(StoragePrecision.FP32.convert(halves, "k"), "k");
    for (int i = 0; i < 1 << 16; i++) {
      boolean isNan = (i & 0x7FFF) > 0x7C00;
      int expected = isNan ? i | 0x200 : i;
      assertEquals((short) expected, back.bytes().getShort(2 * i));
    }
  }

  @Test
  void refusesValuesThatOverflowHalfPrecisionAndKeepsTheOldFile() throws IOException {
    HostTensor large = HostTensor.of(Shape.of(1), 70_000f);
    Checkpoint checkpoint =
        new Checkpoint(
            new StateDict("big.pt", Map.of("model.0.conv.weight", large)),
            null,
            null,
            Map.of(),
            List.of(),
            List.of(),
            null);
    Path out = folder.resolve("out.safetensors");
    Files.writeString(out, "old");
    WeightsException e =
        assertThrows(
            WeightsException.class,
            () -> CheckpointWriter.write(checkpoint, out, StoragePrecision.FP16));
    assertTrue(String.valueOf(e.getMessage()).contains("model.0.conv.weight: 70000.0"));
    assertEquals("old", Files.readString(out));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void namesAFileThatCannotBeWritten() {
    Checkpoint checkpoint = CheckpointReader.read(Fixtures.path("good.pt"), Limits.DEFAULTS);
    Path out = folder.resolve("missing").resolve("out.safetensors");
    WeightsException e =
        assertThrows(
            WeightsException.class,
            () -> CheckpointWriter.write(checkpoint, out, StoragePrecision.KEEP));
    assertTrue(
        String.valueOf(e.getMessage())
            .contains("out.safetensors was not written: there is no folder for it"));
    assertFalse(Files.exists(out));
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
