package ai.irmb.internal.postprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.irmb.internal.head.HeadLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
@net.jqwik.api.Tag("fast")
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
  void candidatesAreTheDecodedPredictionsThatPass(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int classes,
      @ForAll boolean multiLabel) {
    HeadDecoder decoder = new HeadDecoder(new HeadLayout(2, classes, 3), LEVELS);
    // With a wide spread many logits saturate, so that classes tie.
    float spread = seed % 2 == 0 ? 2 : 20;
    List<LevelOutput> outputs = noise(seed, 8 + classes, 2, spread);
    float[] thresholds = {0, 0.001f, 0.25f, 0.9f, 0.9999999f, 1};
    int length = decoder.predictions(outputs) * (8 + classes);
    float[] all = decoder.decodeAll(outputs);
    assertEquals(2 * length, all.length);
    for (int image = 0; image < 2; image++) {
      float[] decoded = Arrays.copyOfRange(all, image * length, (image + 1) * length);
      for (float threshold : thresholds) {
        CandidateFilter filter =
            new CandidateFilter(threshold, multiLabel, seed % 3 == 0 ? Set.of(0, 2) : null);
        NmsOracle.assertSame(
            NmsOracle.candidates(
                decoded, 0, decoder.predictions(outputs), classes, 8 + classes, filter),
            decoder.candidates(outputs, filter).get(image),
            0f);
      }
    }
  }

  @Test
  void zerosDecodeToTheAnchorAtTheCenterOfTheCell() {
    HeadDecoder decoder =
        new HeadDecoder(new HeadLayout(1, 1, 0), List.of(new HeadLevel(8, 10, 13)));
    float[] rows = decoder.decodeAll(List.of(new LevelOutput(new float[6 * 6], 2, 3)));
    // The fifth cell: row 1, column 1.
    float[] expected = {12, 12, 10, 13, 0.5f, 0.5f};
    for (int i = 0; i < 6; i++) {
      assertEquals(expected[i], rows[4 * 6 + i]);
    }
  }

  @Test
  void copiesMaskCoefficients() {
    HeadDecoder decoder =
        new HeadDecoder(new HeadLayout(1, 1, 2), List.of(new HeadLevel(8, 10, 13)));
    float[] data = {0, 0, 0, 0, 9, 9, -7.5f, 3.25f};
    ScoredBoxes boxes =
        decoder
            .candidates(
                List.of(new LevelOutput(data, 1, 1)), new CandidateFilter(0.5f, false, null))
            .get(0);
    assertEquals(-7.5f, boxes.coefficients()[0]);
    assertEquals(3.25f, boxes.coefficients()[1]);
  }

  @Test
  void refusesOutputsThatDoNotFit() {
    HeadDecoder decoder = new HeadDecoder(new HeadLayout(2, 1, 0), LEVELS);
    List<LevelOutput> outputs = noise(1, 6, 1, 1);
    assertThrows(IllegalArgumentException.class, () -> decoder.decodeAll(outputs.subList(0, 1)));
    List<LevelOutput> tooShort = List.of(new LevelOutput(new float[7], 1, 1), outputs.get(1));
    assertThrows(IllegalArgumentException.class, () -> decoder.decodeAll(tooShort));
    List<HeadLevel> levels = List.of(new HeadLevel(8, 10, 13));
    HeadLayout other = new HeadLayout(2, 1, 0);
    assertThrows(IllegalArgumentException.class, () -> new HeadDecoder(other, levels));
  }
}
