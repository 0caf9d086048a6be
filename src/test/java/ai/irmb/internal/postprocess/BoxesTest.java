package ai.irmb.internal.postprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.internal.geometry.LetterboxInverse;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
@net.jqwik.api.Tag("fast")
class BoxesTest {
  private static ScoredBoxes box(float... corners) {
    return new ScoredBoxes(1, corners, new float[1], new int[1], new int[1], new float[0], 0);
  }

  @Test
  void takesPaddingOffAndClips() {
    ScoredBoxes rows = box(-5, 100, 700, 400);
    // 1000 x 500 into 640 x 384: ratio 0.64, 32 rows above.
    Boxes.toOriginal(rows, LetterboxInverse.ofSizes(640, 384, 1000, 500));
    assertArrayEquals(new float[] {0, 106.25f, 1000, 500}, rows.boxes(), 1e-4f);
  }

  @Test
  void usesTheGivenRatioAndPadding() {
    ScoredBoxes rows = box(16, 22, 116, 122);
    Boxes.toOriginal(rows, new LetterboxInverse(0.5, 16, 21.5, 500, 333));
    assertArrayEquals(new float[] {0, 1, 200, 201}, rows.boxes());
  }

  @Property(tries = 300, seed = "3")
  void boxesSurviveLetterboxAndBack(
      @ForAll @IntRange(min = 20, max = 3000) int width,
      @ForAll @IntRange(min = 20, max = 3000) int height,
      @ForAll @DoubleRange(min = 0, max = 0.5) double from,
      @ForAll @DoubleRange(min = 0.5, max = 1) double to) {
    double gain = Math.min(640.0 / height, 640.0 / width);
    float padX = (float) ((640 - width * gain) / 2);
    float padY = (float) ((640 - height * gain) / 2);
    ScoredBoxes rows =
        box(
            (float) (from * width * gain) + padX,
            (float) (from * height * gain) + padY,
            (float) (to * width * gain) + padX,
            (float) (to * height * gain) + padY);
    Boxes.toOriginal(rows, LetterboxInverse.ofSizes(640, 640, width, height));
    assertEquals(from * width, rows.boxes()[0], 1e-2);
    assertEquals(from * height, rows.boxes()[1], 1e-2);
    assertEquals(to * width, rows.boxes()[2], 1e-2);
    assertTrue(rows.boxes()[3] <= height);
  }
}
