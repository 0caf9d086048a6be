package ai.irmb.internal.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.internal.validate.LabeledImage.Label;
import ai.irmb.validate.ConfusionMatrix;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("fast")
class ConfusionCounterTest {
  private static final int BACKGROUND = 2;

  private static ScoredBoxes boxes(float[] scores, int[] classes, float... corners) {
    return new ScoredBoxes(
        scores.length, corners, scores, classes, new int[scores.length], new float[0], 0);
  }

  private static GroundTruth truth(Label... labels) {
    return GroundTruth.of(List.of(labels), 100, 100, 100, 100);
  }

  private static Label label(int classId, float x) {
    return new Label(classId, x, 0.1f, 0.2f, 0.2f);
  }

  @Test
  void countsEachObjectAndEachConfidentDetectionOnce() {
    ConfusionCounter counter = new ConfusionCounter(2);
    counter.add(
        boxes(
            new float[] {0.9f, 0.8f, 0.7f, 0.6f, 0.25f},
            new int[] {0, 1, 0, 1, 1},
            // On the first object; on the second but of the wrong class; on the first again; on the
            // background; and one with too little confidence.
            0,
            0,
            20,
            20,
            31,
            0,
            50,
            20,
            1,
            0,
            20,
            20,
            70,
            70,
            90,
            90,
            60,
            0,
            80,
            20),
        truth(label(0, 0.1f), label(0, 0.4f), label(1, 0.7f)));
    ConfusionMatrix matrix = counter.build();
    assertEquals(1, matrix.count(0, 0));
    assertEquals(1, matrix.count(1, 0));
    assertEquals(1, matrix.count(BACKGROUND, 1));
    assertEquals(1, matrix.count(0, BACKGROUND));
    assertEquals(1, matrix.count(1, BACKGROUND));
    assertEquals(0, matrix.count(1, 1));
    assertEquals(0.5, matrix.fraction(1, 0));
    assertEquals(1, matrix.fraction(BACKGROUND, 1));
    assertEquals(0, new ConfusionCounter(2).build().fraction(0, 0));
  }

  @Test
  void countsDetectionsInABackgroundImage() {
    ConfusionCounter counter = new ConfusionCounter(2);
    counter.add(boxes(new float[] {0.9f}, new int[] {1}, 0, 0, 20, 20), truth());
    ConfusionMatrix matrix = counter.build();
    assertEquals(1, matrix.count(1, BACKGROUND));
  }

  @Test
  void matchesAnObjectWithTheBoxOfGreatestIou() {
    ConfusionCounter counter = new ConfusionCounter(2);
    counter.add(
        boxes(new float[] {0.9f, 0.5f}, new int[] {0, 1}, 0, 0, 20, 14, 0, 0, 20, 20),
        truth(label(1, 0.1f)));
    ConfusionMatrix matrix = counter.build();
    assertEquals(1, matrix.count(1, 1));
    assertEquals(1, matrix.count(0, BACKGROUND));
  }
}
