package ai.irmb.internal.postprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
@net.jqwik.api.Tag("fast")
class NmsTest {
  private static final Nms DETECT = new Nms(0.45, false, 30_000, 300);

  private static NmsOracle.Candidate candidate(
      float x1, float x2, float score, int classId, int source) {
    return new NmsOracle.Candidate(x1, 0, x2, 10, score, classId, source);
  }

  private static int[] kept(Nms nms, NmsOracle.Candidate... candidates) {
    ScoredBoxes kept = nms.suppress(NmsOracle.toScoredBoxes(List.of(candidates)));
    return Arrays.copyOf(kept.sources(), kept.count());
  }

  @Test
  void keepsTheMoreConfidentOfTwoOverlappingBoxes() {
    assertArrayEquals(
        new int[] {1}, kept(DETECT, candidate(0, 10, 0.5f, 0, 0), candidate(1, 11, 0.6f, 0, 1)));
  }

  @Test
  void keepsBothWhenIouEqualsThreshold() {
    // Of widths 10 and 5 in each other: IoU is 1/2 exactly.
    Nms half = new Nms(0.5, false, 100, 100);
    assertArrayEquals(
        new int[] {0, 1}, kept(half, candidate(0, 10, 0.5f, 0, 0), candidate(0, 5, 0.4f, 0, 1)));
  }

  @Test
  void comparesWithTheThresholdAsADouble() {
    // 9/20 in single precision is 0.45f, which is less than 0.45 as a double.
    NmsOracle.Candidate[] candidates = {candidate(0, 20, 0.5f, 0, 0), candidate(0, 9, 0.4f, 0, 1)};
    assertArrayEquals(new int[] {0, 1}, kept(DETECT, candidates));
    assertArrayEquals(new int[] {0}, kept(new Nms(0.4499999, false, 100, 100), candidates));
  }

  @Test
  void comparesOnlyBoxesOfOneClassUnlessClassAgnostic() {
    NmsOracle.Candidate[] candidates = {candidate(0, 10, 0.5f, 0, 0), candidate(0, 10, 0.4f, 1, 1)};
    assertArrayEquals(new int[] {0, 1}, kept(DETECT, candidates));
    assertArrayEquals(new int[] {0}, kept(new Nms(0.45, true, 100, 100), candidates));
  }

  @Test
  void keepsTheOrderOfCandidatesAmongTies() {
    NmsOracle.Candidate[] candidates = new NmsOracle.Candidate[50];
    for (int i = 0; i < candidates.length; i++) {
      candidates[i] = candidate(20 * i, 20 * i + 10, 0.5f, 0, i);
    }
    int[] kept = kept(DETECT, candidates);
    for (int i = 0; i < kept.length; i++) {
      assertEquals(i, kept[i]);
    }
  }

  @Test
  void keepsAtMostMaxDetections() {
    NmsOracle.Candidate[] candidates = {
      candidate(0, 1, 0.1f, 0, 0),
      candidate(2, 3, 0.3f, 0, 1),
      candidate(4, 5, 0.2f, 0, 2),
      candidate(6, 7, 0.4f, 0, 3)
    };
    assertArrayEquals(new int[] {3, 1, 2}, kept(new Nms(0.45, false, 100, 3), candidates));
    assertArrayEquals(new int[] {3, 1}, kept(new Nms(0.45, false, 2, 3), candidates));
  }

  @Test
  void saysWhetherAMaximumRemovedBoxes() {
    NmsOracle.Candidate[] four = {
      candidate(0, 10, 0.4f, 0, 0),
      candidate(20, 30, 0.3f, 0, 1),
      candidate(0, 10, 0.2f, 0, 2),
      candidate(40, 50, 0.1f, 0, 3)
    };
    ScoredBoxes candidates = NmsOracle.toScoredBoxes(List.of(four));
    assertTrue(new Nms(0.45, false, 4, 2).suppress(candidates).truncated());
    assertTrue(new Nms(0.45, false, 3, 3).suppress(candidates).truncated());
    assertFalse(new Nms(0.45, false, 4, 3).suppress(candidates).truncated());
    // What is left of the maximum overlaps a kept box, so nothing is lost.
    ScoredBoxes three = NmsOracle.toScoredBoxes(List.of(four).subList(0, 3));
    assertFalse(new Nms(0.45, false, 3, 2).suppress(three).truncated());
    assertTrue(new Nms(0.45, false, 3, 1).suppress(three).truncated());
  }

  @Test
  void keepsMaskCoefficients() {
    ScoredBoxesBuilder builder = new ScoredBoxesBuilder(1, 2);
    for (int i = 0; i < 3; i++) {
      int at = builder.add(0.1f * (i + 1), 0, i);
      builder.boxes()[4 * at] = 10 * i;
      builder.boxes()[4 * at + 2] = 10 * i + 5;
      builder.boxes()[4 * at + 3] = 5;
      builder.coefficients()[2 * at] = i;
      builder.coefficients()[2 * at + 1] = -i;
    }
    ScoredBoxes kept = DETECT.suppress(builder.build());
    assertArrayEquals(new float[] {2, -2, 1, -1, 0, 0}, Arrays.copyOf(kept.coefficients(), 6));
  }

  @Test
  void refusesSettingsOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> new Nms(1.5, false, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Nms(Double.NaN, false, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Nms(0.5, false, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Nms(0.5, false, 1, 0));
  }

  @Property(tries = 300, seed = "7")
  void equalsTheQuadraticReference(
      @ForAll long seed, @ForAll @IntRange(max = 120) int count, @ForAll boolean classAgnostic) {
    Random random = new Random(seed);
    List<NmsOracle.Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float x = random.nextInt(60);
      float y = random.nextInt(60) + random.nextFloat();
      float score = random.nextInt(40) / 40f;
      float w = random.nextInt(40);
      float h = random.nextInt(40) + random.nextFloat();
      candidates.add(new NmsOracle.Candidate(x, y, x + w, y + h, score, random.nextInt(80), i));
    }
    Nms nms = new Nms(0.05 * random.nextInt(20), classAgnostic, 100, 60);
    NmsOracle.assertSame(
        NmsOracle.suppress(candidates, nms), nms.suppress(NmsOracle.toScoredBoxes(candidates)), 0f);
  }

  @Test
  void equalsTheQuadraticReferenceWithTheMaximumOfCandidates() {
    Random random = new Random(1);
    List<NmsOracle.Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      float x = 600 * random.nextFloat();
      candidates.add(candidate(x, x + 1 + 40 * random.nextFloat(), random.nextFloat(), i % 80, i));
    }
    Nms nms = new Nms(0.6, false, 30_000, 300);
    ScoredBoxes kept = nms.suppress(NmsOracle.toScoredBoxes(candidates));
    assertEquals(300, kept.count());
    NmsOracle.assertSame(NmsOracle.suppress(candidates, nms), kept, 0f);
  }
}
