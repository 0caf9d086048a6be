package ai.irmb.internal.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import ai.irmb.image.RgbImage;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Random;

/** Images for tests, and their comparison. */
public final class Images {
  private Images() {}

  /** Fails at the first byte that is farther off than the tolerance, and says where. */
  static void assertClose(RgbImage expected, RgbImage actual, int tolerance) {
    assertEquals(expected.toString(), actual.toString());
    for (int y = 0; y < expected.height(); y++) {
      for (int x = 0; x < expected.width(); x++) {
        for (int shift = 0; shift <= 16; shift += 8) {
          int a = expected.rgb(x, y) >> shift & 0xFF;
          int b = actual.rgb(x, y) >> shift & 0xFF;
          if (Math.abs(a - b) > tolerance) {
            fail(
                String.format(
                    "at x %d, y %d: expected %06x, found %06x",
                    x, y, expected.rgb(x, y), actual.rgb(x, y)));
          }
        }
      }
    }
  }

  public static void assertSame(RgbImage expected, RgbImage actual) {
    assertClose(expected, actual, 0);
  }

  public static RgbImage noise(int width, int height, long seed) {
    byte[] bytes = new byte[3 * width * height];
    new Random(seed).nextBytes(bytes);
    return RgbImage.of(width, height, bytes);
  }

  /** {@return two numbers of an index row} */
  static int[] pair(JsonObject row, String key) {
    JsonArray pair = row.getAsJsonArray(key);
    return new int[] {pair.get(0).getAsInt(), pair.get(1).getAsInt()};
  }
}
