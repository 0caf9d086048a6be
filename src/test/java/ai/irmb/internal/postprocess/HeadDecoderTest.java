package ai.irmb.internal.postprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HeadDecoderTest {
  private static final List<HeadLevel> LEVELS =
      List.of(new HeadLevel(8, 10, 13, 16, 30), new HeadLevel(16, 30, 61, 62, 45));

  private static List<LevelOutput> noise(long seed, int numbers, int images, float spread) {
    Random random = new Random(seed);
    return List.of(
        level(random, numbers, images, 4, 6, spread), level(random, numbers, images, 2, 3, spread));
  }

  private static LevelOutput level(
      Random random, int numbers, int images, int height, int width, float spread) {
    float[] data = new float[images * 2 * numbers * height * width];
    for (int i = 0; i < data.length; i++) {
      data[i] = spread * (float) random.nextGaussian();
    }
    return new LevelOutput(data, height, width);
  }

  @Property(tries = 200, seed = "11")
  void candidatesAreTheDecodedRowsThatPass(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int classes, @ForAll boolean many) {
    HeadDecoder decoder = new HeadDecoder(LEVELS, classes, 3);
    // With a wide spread many logits saturate, so that classes tie.
    float spread = seed % 2 == 0 ? 2 : 20;
    List<LevelOutput> outputs = noise(seed, 8 + classes, 2, spread);
    float[] thresholds = {0, 0.001f, 0.25f, 0.9f, 0.9999999f, 1};
    for (int image = 0; image < 2; image++) {
      float[] decoded = decoder.decode(outputs, image);
      for (float threshold : thresholds) {
        CandidateFilter filter =
            new CandidateFilter(threshold, many, seed % 3 == 0 ? Set.of(0, 2) : null);
        NmsOracle.assertSame(
            NmsOracle.candidates(decoded, 0, decoder.rows(outputs), classes, 8 + classes, filter),
            decoder.candidates(outputs, image, filter),
            0f);
      }
    }
  }

  @Test
  void zerosAreABoxOfTheAnchorInTheMiddleOfTheCell() {
    HeadDecoder decoder = new HeadDecoder(List.of(new HeadLevel(8, 10, 13)), 1, 0);
    float[] rows = decoder.decode(List.of(new LevelOutput(new float[6 * 6], 2, 3)), 0);
    // The fifth cell: row 1, column 1.
    float[] expected = {12, 12, 10, 13, 0.5f, 0.5f};
    for (int i = 0; i < 6; i++) {
      assertEquals(expected[i], rows[4 * 6 + i]);
    }
  }

  @Test
  void takesMaskCoefficientsAsTheyAre() {
    HeadDecoder decoder = new HeadDecoder(List.of(new HeadLevel(8, 10, 13)), 1, 2);
    float[] data = {0, 0, 0, 0, 9, 9, -7.5f, 3.25f};
    ScoredBoxes rows =
        decoder.candidates(
            List.of(new LevelOutput(data, 1, 1)), 0, new CandidateFilter(0.5f, false, null));
    assertEquals(-7.5f, rows.coefficients()[0]);
    assertEquals(3.25f, rows.coefficients()[1]);
  }

  @Test
  void refusesOutputsThatDoNotFit() {
    HeadDecoder decoder = new HeadDecoder(LEVELS, 1, 0);
    List<LevelOutput> outputs = noise(1, 6, 1, 1);
    assertThrows(IllegalArgumentException.class, () -> decoder.decode(outputs.subList(0, 1), 0));
    assertThrows(IllegalArgumentException.class, () -> decoder.decode(outputs, 1));
    assertThrows(IllegalArgumentException.class, () -> decoder.decode(outputs, -1));
  }
}
