package ai.irmb.internal.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.irmb.error.WeightsException;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slices of a file, and files that are truncated or fail while they are read. */
@Tag("fast")
class WeightFileTest {
  private static final int SEGMENT = 16 << 20;

  @TempDir private Path folder = Path.of("");

  private Path file(int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Files.write(folder.resolve("best.pt"), bytes);
  }

  private static String readError(SeekableByteChannel channel) {
    return String.valueOf(
        assertThrows(WeightsException.class, () -> WeightFile.read("best.pt", channel, SEGMENT))
            .getMessage());
  }

  @Test
  void slicesDoNotDependOnTheSegmentSize() throws IOException {
    Path path = file(1_000);
    byte[] bytes = Files.readAllBytes(path);
    Random random = new Random(1);
    for (int segment : new int[] {1, 7, 333, 1_000, 5_000}) {
      WeightFile file;
      try (FileChannel channel = FileChannel.open(path)) {
        file = WeightFile.read("best.pt", channel, segment);
      }
      for (int i = 0; i < 200; i++) {
        int from = random.nextInt(1_001);
        int length = random.nextInt(1_001 - from);
        assertEquals(ByteBuffer.wrap(bytes, from, length), file.slice(from, length));
      }
      assertThrows(WeightsException.class, () -> file.slice(999, 2));
    }
  }

  @Test
  void streamHasTheSlicesOfItsBytes() throws IOException {
    byte[] bytes = Files.readAllBytes(file(1_000));
    for (int segment : new int[] {1, 7, 333, 1_000, 5_000}) {
      ByteArrayInputStream in = new ByteArrayInputStream(bytes);
      WeightFile file = WeightFile.read("best.pt", in, Limits.DEFAULTS, segment);
      assertEquals(1_000, file.size());
      assertEquals(ByteBuffer.wrap(bytes), file.slice(0, 1_000));
      assertEquals(ByteBuffer.wrap(bytes, 330, 10), file.slice(330, 10));
    }
  }

  @Test
  void streamWithoutAnEndIsReadNoFurtherThanTheLimit() {
    long[] count = {0};
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            count[0]++;
            return 1;
          }

          @Override
          public int read(byte[] into, int from, int length) {
            count[0] += length;
            return length;
          }
        };
    Limits limits = Limits.DEFAULTS.with(Limit.WEIGHTS_BYTES, 1_000);
    WeightsException e =
        assertThrows(
            WeightsException.class, () -> WeightFile.read("best.pt", endless, limits, 300));
    assertEquals(1_200, count[0]);
    assertEquals(
        "best.pt: its bytes are more than the limit of 1000; raise it with"
            + " Limits.with(Limit.WEIGHTS_BYTES, …) or --limit weights-bytes=…",
        e.getMessage());
  }

  /** A mapped file would crash the JVM here. */
  @Test
  void survivesTruncationOfTheFileAfterOpening() throws IOException {
    Path path = file(20 << 20);
    byte[] bytes = Files.readAllBytes(path);
    WeightFile file = WeightFile.open(path, Limits.DEFAULTS);
    try (RandomAccessFile other = new RandomAccessFile(path.toFile(), "rw")) {
      other.setLength(10);
    }
    assertEquals(ByteBuffer.wrap(bytes), file.slice(0, bytes.length));
  }

  @Test
  void reportsAFileThatIsTruncatedWhileItIsRead() throws IOException {
    for (int size : new int[] {1_000, 20 << 20}) {
      try (FileChannel channel = FileChannel.open(file(size));
          Faulty shrinking = new Faulty(channel, size + 1, false)) {
        assertEquals(
            "best.pt: the file cannot be read: it became shorter while it was read",
            readError(shrinking));
      }
    }
  }

  @Test
  void reportsAnInputError() throws IOException {
    try (FileChannel channel = FileChannel.open(file(1_000));
        Faulty gone = new Faulty(channel, 1_000, true)) {
      assertEquals("best.pt: the file cannot be read: Input/output error", readError(gone));
    }
  }

  /** A channel that reports a wrong size, or fails. */
  private record Faulty(SeekableByteChannel real, long size, boolean fails)
      implements SeekableByteChannel {
    @Override
    public int read(ByteBuffer into) throws IOException {
      if (fails) {
        throw new IOException("Input/output error");
      }
      return real.read(into);
    }

    @Override
    public int write(ByteBuffer from) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() throws IOException {
      return real.position();
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
      return real.position(newPosition);
    }

    @Override
    public SeekableByteChannel truncate(long newSize) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return real.isOpen();
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }
}
