package ai.irmb.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;

/** Compares with a reference array: the largest difference, relative to the largest value. */
public final class Tolerance {
  /** What reference tensors allow in single precision. */
  public static final double REFERENCE = 1e-4;

  private Tolerance() {}

  /** Fails if a value is off by more than {@code limit} times the largest expected one. */
  public static void check(
      String what, Npz.Array expected, long[] shape, float[] actual, double limit) {
    long[] wanted = Arrays.stream(expected.shape()).asLongStream().toArray();
    assertEquals(Arrays.toString(wanted), Arrays.toString(shape), what + ": shape");
    check(what, expected.data(), actual, limit);
  }

  /** Fails if a value is off by more than {@code limit} times the largest expected one. */
  public static void check(String what, float[] expected, float[] actual, double limit) {
    assertEquals(expected.length, actual.length, what + ": length");
    double largest = 0;
    double worst = -1;
    int at = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      double off = Math.abs((double) expected[i] - actual[i]);
      if (!(off <= worst)) {
        worst = off;
        at = i;
      }
    }
    if (!(worst <= limit * largest)) {
      fail(
          what
              + ": at "
              + at
              + " expected "
              + expected[at]
              + ", found "
              + actual[at]
              + ", off by "
              + worst / largest
              + " of the largest value "
              + largest);
    }
  }

  /**
   * Fails if the root mean square of the differences is more than {@code limit} times that of the
   * expected values.
   */
  public static void checkRms(String what, float[] expected, float[] actual, double limit) {
    assertEquals(expected.length, actual.length, what + ": length");
    double differences = 0;
    double values = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = (double) expected[i] - actual[i];
      differences += difference * difference;
      values += (double) expected[i] * expected[i];
    }
    double ratio = Math.sqrt(differences / values);
    if (!(ratio <= limit)) {
      fail(what + ": off by " + ratio + " (root mean square), allowed " + limit);
    }
  }
}
