package ai.irmb.internal.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes fields in the records of a zip: local headers, descriptors, directory, end records. */
final class ZipMutator {
  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    8,
    9,
    12,
    0x0800,
    0x0808,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x7FFF_FFFFL,
    0x8000_0000L,
    0xFFFF_FFFFL,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1
  };

  /** Signature of each kind of record, then offset and width of each of its fields. */
  private static final int[][] KINDS = {
    {
      0x04034B50,
      0,
      4,
      4,
      2,
      6,
      2,
      8,
      2,
      10,
      2,
      12,
      2,
      14,
      4,
      18,
      4,
      22,
      4,
      26,
      2,
      28,
      2,
      30,
      1,
      31,
      1,
      40,
      1
    },
    {
      0x02014B50,
      0,
      4,
      4,
      2,
      6,
      2,
      8,
      2,
      10,
      2,
      12,
      2,
      14,
      2,
      16,
      4,
      20,
      4,
      24,
      4,
      28,
      2,
      30,
      2,
      32,
      2,
      34,
      2,
      36,
      2,
      38,
      4,
      42,
      4,
      46,
      1,
      47,
      1,
      58,
      1
    },
    {0x08074B50, 0, 4, 4, 4, 8, 4, 12, 4},
    {0x06064B50, 0, 4, 4, 8, 12, 2, 14, 2, 16, 4, 20, 4, 24, 8, 32, 8, 40, 8, 48, 8},
    {0x07064B50, 0, 4, 4, 4, 8, 8, 16, 4},
    {0x06054B50, 0, 4, 4, 2, 6, 2, 8, 2, 10, 2, 12, 4, 16, 4, 20, 2}
  };

  private final Random random;
  private final ByteBuffer zip;
  private final List<List<Integer>> offsets = new ArrayList<>();

  private ZipMutator(byte[] zip, Random random) {
    this.random = random;
    this.zip = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    for (int[] kind : KINDS) {
      List<Integer> positions = new ArrayList<>();
      for (int at = 0; at + 22 <= zip.length; at++) {
        if (this.zip.getInt(at) == kind[0]) {
          positions.add(at);
        }
      }
      offsets.add(positions);
    }
  }

  /** {@return a copy of a zip with one or two changed fields} */
  static byte[] mutate(byte[] zip, Random random) {
    ZipMutator mutator = new ZipMutator(zip.clone(), random);
    mutator.change();
    if (random.nextInt(3) == 0) {
      mutator.change();
    }
    return mutator.zip.array();
  }

  private void change() {
    int kind;
    do {
      kind = random.nextInt(KINDS.length);
    } while (offsets.get(kind).isEmpty());
    int[] fields = KINDS[kind];
    int field = 1 + 2 * random.nextInt(fields.length / 2);
    int at = randomOffset(kind) + fields[field];
    int width = fields[field + 1];
    if (at + width > zip.capacity()) {
      return;
    }
    long old = get(at, width);
    long value =
        switch (random.nextInt(5)) {
          case 0 -> NUMBERS[random.nextInt(NUMBERS.length)];
          case 1 -> old + 1 + random.nextInt(4);
          case 2 -> old - 1 - random.nextInt(4);
          case 3 -> old ^ 1L << random.nextInt(8 * width);
          default -> {
            int other = randomOffset(kind) + fields[field];
            yield other + width > zip.capacity() ? random.nextLong() : get(other, width);
          }
        };
    put(at, width, value);
  }

  private int randomOffset(int kind) {
    List<Integer> positions = offsets.get(kind);
    return positions.get(random.nextInt(positions.size()));
  }

  private long get(int at, int width) {
    return switch (width) {
      case 1 -> zip.get(at);
      case 2 -> zip.getShort(at);
      case 4 -> zip.getInt(at);
      default -> zip.getLong(at);
    };
  }

  private void put(int at, int width, long value) {
    switch (width) {
      case 1 -> zip.put(at, (byte) value);
      case 2 -> zip.putShort(at, (short) value);
      case 4 -> zip.putInt(at, (int) value);
      default -> zip.putLong(at, value);
    }
  }
}
