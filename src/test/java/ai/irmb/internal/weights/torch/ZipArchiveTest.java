package ai.irmb.internal.weights.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.limit.MemoryBudget;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.limit.Limits;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class ZipArchiveTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  private static byte[] zip() {
    return new ZipBuilder().put("a/one", HELLO).put("a/two", new byte[1000]).bytes();
  }

  private static ZipArchive open(byte[] zip) {
    return ZipArchive.open(
        WeightFile.of("best.pt", zip), Limits.DEFAULTS, new MemoryBudget(zip.length));
  }

  private static void assertRefused(byte[] zip, String word) {
    String message =
        String.valueOf(
            assertThrows(
                    WeightsException.class,
                    () -> {
                      ZipArchive archive = open(zip);
                      archive.names().forEach(name -> archive.content(name, name));
                    })
                .getMessage());
    assertTrue(message.startsWith("best.pt: ") && message.contains(word), message);
  }

  /** {@return the offset of the n-th record with this signature} */
  private static int find(byte[] zip, int signature, int n) {
    ByteBuffer in = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int index = 0;
    for (int at = 0; at + 4 <= zip.length; at++) {
      if (in.getInt(at) == signature && index++ == n) {
        return at;
      }
    }
    throw new AssertionError("no such record");
  }

  private static byte[] with(byte[] zip, int at, int value) {
    byte[] out = zip.clone();
    out[at] = (byte) value;
    return out;
  }

  private static final int LOCAL = 0x04034B50;
  private static final int CENTRAL = 0x02014B50;
  private static final int END = 0x06054B50;

  @Test
  void readsStoredAndDeflatedEntries() {
    for (byte[] zip :
        new byte[][] {zip(), new ZipBuilder().put("a/one", HELLO).deflated().bytes()}) {
      ByteBuffer content = open(zip).content("a/one", "one");
      assertEquals(ByteBuffer.wrap(HELLO), content);
    }
  }

  @Test
  void refusesNamesThatDifferInCaseOnly() {
    assertRefused(new ZipBuilder().put("a/one", HELLO).put("a/ONE", HELLO).bytes(), "twice");
  }

  @Test
  void refusesBytesBeforeAndAfterTheArchive() {
    byte[] zip = zip();
    byte[] before = new byte[zip.length + 1];
    System.arraycopy(zip, 0, before, 1, zip.length);
    assertRefused(before, "");
    assertRefused(Arrays.copyOf(zip, zip.length + 1), "no end record");
    assertRefused(Arrays.copyOf(zip, zip.length - 1), "no end record");
  }

  @Test
  void refusesALocalHeaderThatDiffersFromTheDirectory() {
    byte[] zip = zip();
    int local = find(zip, LOCAL, 0);
    assertRefused(with(zip, local + 30, 'b'), "another name");
    assertRefused(with(zip, local + 8, 8), "differ");
    assertRefused(with(zip, local + 14, 1), "differ");
    assertRefused(with(zip, local + 18, 1), "differ");
    assertRefused(with(zip, local + 22, 1), "differ");
    assertRefused(with(zip, local + 6, 1), "differ");
  }

  /** Decoded, both names would contain the same replacement character. */
  @Test
  void comparesTheBytesOfNames() {
    byte[] zip = new ZipBuilder().put("a/\uFFFD", HELLO).bytes();
    int name = find(zip, LOCAL, 0) + 30 + "a/".length();
    assertRefused(
        with(with(with(zip, name, 0xFF), name + 1, 0x41), name + 2, 0x42), "another name");
    assertRefused(with(zip, name + 2, 0xFF), "another name");
  }

  @Test
  void refusesADirectoryWithWrongValues() {
    byte[] zip = zip();
    int central = find(zip, CENTRAL, 1);
    assertRefused(with(zip, central + 8, 1), "encrypted");
    assertRefused(with(zip, central + 42, 0), "overlaps");
    assertRefused(with(zip, central + 44, 1), "after the start of the directory");
    assertRefused(with(zip, find(zip, CENTRAL, 0) + 42, 1), "precede its local header");
    assertRefused(with(zip, central + 16, 1), "");
    int end = find(zip, END, 0);
    assertRefused(with(zip, end + 10, 1), "");
    assertRefused(with(zip, end + 12, 1), "");
    assertRefused(with(zip, end + 16, 1), "");
  }

  @Test
  void refusesContentWithAWrongCrc() {
    byte[] zip = zip();
    int start = find(zip, LOCAL, 0) + 30 + "a/one".length();
    assertRefused(with(zip, start, 'j'), "CRC");
  }

  @Test
  void refusesAnEntryThatInflatesBeyondTheBudget() {
    byte[] zip = new ZipBuilder().put("a/zeros", new byte[64 << 20]).deflated().bytes();
    assertRefused(zip, "memory limit");
  }

  @Test
  void detectsEveryFlippedBitOrReturnsTheSameContent() {
    byte[] zip = new ZipBuilder().put("a/one", HELLO).put("a/two", new byte[20]).bytes();
    for (int at = 0; at < zip.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = with(zip, at, zip[at] ^ 1 << bit);
        try {
          ZipArchive archive = open(changed);
          for (String name : archive.names()) {
            if (name.equals("a/one")) {
              assertEquals(ByteBuffer.wrap(HELLO), archive.content(name, name));
            } else {
              archive.content(name, name);
            }
          }
        } catch (WeightsException e) {
          assertTrue(String.valueOf(e.getMessage()).startsWith("best.pt: "));
        }
      }
    }
  }
}
