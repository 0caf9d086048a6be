package ai.irmb.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.npz.NpzFile;
import ai.irmb.internal.weights.torch.ZipBuilder;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** No reader of weights throws anything but a {@link WeightsException} that names the file. */
@net.jqwik.api.Tag("long")
class ReaderErrorsTest {
  private static final String[] FIXTURES = {
    "good.pt", "good-views.pt", "legacy-state-dict.pt", "st-good.safetensors"
  };

  @Property(tries = 400)
  void readersOfCheckpointsThrowTypedErrorsOnly(
      @ForAll @IntRange(max = 3) int fixture, @ForAll long seed) throws IOException {
    byte[] bytes = Files.readAllBytes(Fixtures.path(FIXTURES[fixture]));
    byte[] changed = change(bytes, new Random(seed));
    assertTypedErrorsOnly(
        () -> CheckpointReader.read(WeightFile.of("changed", changed), Limits.DEFAULTS));
  }

  @Property(tries = 200)
  void theReaderOfNumpyArchivesThrowsTypedErrorsOnly(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    byte[] array = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 24);
    boolean changeArray = random.nextBoolean();
    byte[] zip =
        new ZipBuilder()
            .put("a.npy", changeArray ? change(array, random) : array)
            .put("b.npy", npy("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", 8))
            .bytes();
    Path file = Files.createTempFile("changed", ".npz");
    try {
      Files.write(file, changeArray ? zip : change(zip, random));
      assertTypedErrorsOnly(() -> NpzFile.read(file, Limits.DEFAULTS));
    } finally {
      Files.delete(file);
    }
  }

  private static void assertTypedErrorsOnly(Runnable read) {
    try {
      read.run();
    } catch (WeightsException e) {
      assertTrue(String.valueOf(e.getMessage()).startsWith("changed"), e.getMessage());
    }
  }

  private static byte[] npy(String header, int size) {
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(10 + text.length + size)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) text.length)
        .put(text)
        .array();
  }

  /** {@return a copy with changed bytes, a copied range, or a different length} */
  private static byte[] change(byte[] bytes, Random random) {
    byte[] out = bytes.clone();
    switch (random.nextInt(3)) {
      case 0 -> {
        int changes = 1 + random.nextInt(8);
        for (int i = 0; i < changes; i++) {
          out[random.nextInt(out.length)] = (byte) random.nextInt(256);
        }
      }
      case 1 -> {
        int length = random.nextInt(Math.min(out.length, 1_000));
        int from = random.nextInt(out.length - length);
        int to = random.nextInt(out.length - length);
        System.arraycopy(bytes, from, out, to, length);
      }
      default -> out = Arrays.copyOf(out, random.nextInt(2 * out.length));
    }
    return out;
  }
}
