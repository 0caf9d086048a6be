package ai.irmb.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.irmb.limit.Limits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Depth and width scaling, compared with the same rules in exact decimals. */
@net.jqwik.api.Tag("fast")
class ScalingTest {
  private static final BigDecimal EIGHT = BigDecimal.valueOf(8);

  private static ModelConfig config(int number, double depth, double width) {
    String yaml =
        """
        nc: 2
        depth_multiple: %s
        width_multiple: %s
        anchors: 3
        backbone:
          - [-1, %d, C3, [64]]
        head:
          - [[0], 1, Detect, [nc, anchors]]
        """
            .formatted(
                BigDecimal.valueOf(depth).toPlainString(),
                BigDecimal.valueOf(width).toPlainString(),
                number);
    return ModelConfig.parse("a.yaml", yaml.getBytes(StandardCharsets.UTF_8), Limits.DEFAULTS);
  }

  /**
   * Python's max(round(n · d), 1), which rounds half to even; a layer with one repeat is not
   * scaled.
   */
  @Property(tries = 500, seed = "5")
  void repeatsAreRoundedHalfToEvenToAtLeastOne(
      @ForAll @IntRange(min = 1, max = 200) int number,
      @ForAll @IntRange(min = 1, max = 40) int tenths,
      @ForAll boolean isEighth) {
    double depth = isEighth ? tenths / 8.0 : tenths / 10.0;
    int rounded =
        new BigDecimal(number * depth).setScale(0, RoundingMode.HALF_EVEN).intValueExact();
    int expected = number > 1 ? Math.max(rounded, 1) : 1;
    assertEquals(expected, config(number, depth, 1).layers().get(0).repeats());
  }

  /** The smallest multiple of 8 that is not below c · w. */
  @Property(tries = 500, seed = "6")
  void channelsAreTheNextMultipleOfEight(
      @ForAll @IntRange(min = 1, max = 2048) int channels,
      @ForAll @DoubleRange(min = 0.01, max = 4) double width) {
    int eights =
        new BigDecimal(channels * width)
            .divide(EIGHT)
            .setScale(0, RoundingMode.CEILING)
            .intValueExact();
    assertEquals(8 * eights, config(1, 1, width).scaleChannels(channels));
  }
}
