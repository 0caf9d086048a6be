package ai.irmb.internal.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.internal.validate.LabeledImage.ImageLabel;
import ai.irmb.validate.ConfusionMatrix;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  private static final int NOTHING = 2;

  private static ScoredBoxes rows(float[] scores, int[] classes, float... boxes) {
    return new ScoredBoxes(
        scores.length, boxes, scores, classes, new int[scores.length], new float[0], 0);
  }

  private static Truth truth(ImageLabel... labels) {
    return Truth.of(List.of(labels), 100, 100, 100, 100);
  }

  private static ImageLabel label(int classId, float x) {
    return new ImageLabel(classId, x, 0.1f, 0.2f, 0.2f);
  }

  @Test
  void countsEachObjectAndEachSureDetectionOnce() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add(
        rows(
            new float[] {0.9f, 0.8f, 0.7f, 0.6f, 0.25f},
            new int[] {0, 1, 0, 1, 1},
            // On the first object, on the second but taken for the other class, again on the
            // first, where there is nothing, and not sure enough.
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
    assertEquals(1, matrix.count(0, 0));
    assertEquals(1, matrix.count(1, 0));
    assertEquals(1, matrix.count(NOTHING, 1));
    assertEquals(1, matrix.count(0, NOTHING));
    assertEquals(1, matrix.count(1, NOTHING));
    assertEquals(0, matrix.count(1, 1));
    assertEquals(0.5, matrix.part(1, 0));
    assertEquals(1, matrix.part(NOTHING, 1));
    assertEquals(0, new ConfusionMatrix(2).part(0, 0));
  }

  @Test
  void countsWhatIsFoundInABackground() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add(rows(new float[] {0.9f}, new int[] {1}, 0, 0, 20, 20), truth());
    assertEquals(1, matrix.count(1, NOTHING));
  }

  @Test
  void givesAnObjectToTheBoxThatFitsIt() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add(
        rows(new float[] {0.9f, 0.5f}, new int[] {0, 1}, 0, 0, 20, 14, 0, 0, 20, 20),
        truth(label(1, 0.1f)));
    assertEquals(1, matrix.count(1, 1));
    assertEquals(1, matrix.count(0, NOTHING));
  }
}
