package ai.irmb.internal.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class NumpyArgsortTest {
  /** The expected indices are those of {@code numpy.argsort} 1.23.5. */
  @Test
  void ordersEqualValuesAsNumpyDoes() {
    double[] alike = new double[17];
    Arrays.fill(alike, 0.75);
    int[] wanted = {0, 14, 13, 12, 11, 10, 9, 15, 8, 6, 5, 4, 3, 2, 1, 7, 16};
    assertArrayEquals(wanted, NumpyArgsort.of(alike));
    double[] five = IntStream.range(0, 40).mapToDouble(i -> (i * i * 7 + 3 * i) % 5).toArray();
    int[] wantedOfFive = {
      0, 15, 26, 20, 11, 10, 21, 16, 30, 6, 5, 36, 25, 1, 35, 31, 23, 38, 13, 33, 8, 3, 18, 28, 32,
      34, 29, 37, 19, 24, 22, 17, 14, 12, 9, 7, 4, 2, 27, 39
    };
    assertArrayEquals(wantedOfFive, NumpyArgsort.of(five));
  }

  @Test
  void keepsTheOrderOfUpToSixteenEqualValues() {
    assertArrayEquals(IntStream.range(0, 16).toArray(), NumpyArgsort.of(new double[16]));
    assertArrayEquals(new int[0], NumpyArgsort.of(new double[0]));
  }

  @Test
  void sortsRandomValues() {
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      int kinds = 1 + random.nextInt(300);
      check(random.ints(random.nextInt(3000), 0, kinds).asDoubleStream().toArray());
    }
  }

  /** Values for which the median of three is always one of the smallest (a quicksort killer). */
  @Test
  void doesNotDegradeToQuadraticWork() {
    int n = 200_000;
    double[] bad = new double[n];
    int half = n / 2;
    for (int i = 1; i <= half; i++) {
      if (i % 2 == 1) {
        bad[i - 1] = i;
        bad[i] = half + i;
      }
      bad[half + i - 1] = 2 * i;
    }
    check(bad);
    NumpyArgsort sort = new NumpyArgsort(bad);
    sort.sort();
    // At most 4 * 18 levels of partitions, each over at most n values; quadratic work is n * n / 4.
    assertTrue(sort.partitionedElements() <= 72L * n, () -> "work " + sort.partitionedElements());
  }

  private static void check(double[] values) {
    int[] order = NumpyArgsort.of(values);
    assertArrayEquals(
        Arrays.stream(values).sorted().toArray(),
        Arrays.stream(order).mapToDouble(i -> values[i]).toArray());
    assertArrayEquals(
        IntStream.range(0, values.length).toArray(), Arrays.stream(order).sorted().toArray());
  }
}
