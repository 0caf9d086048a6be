package ai.irmb.internal.validate;

import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.validate.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Counts the confusion matrix image by image. Not safe for concurrent use. */
final class ConfusionCounter {
  private static final float CONFIDENCE_THRESHOLD = 0.25f;
  private static final float IOU_THRESHOLD = 0.45f;

  private final int classes;
  private final long[][] counts;

  ConfusionCounter(int classes) {
    this.classes = classes;
    this.counts = new long[classes + 1][classes + 1];
  }

  private record Match(int detection, int label, float iou) {}

  /**
   * Adds an image.
   *
   * @param boxes the detections, best first
   */
  void add(ScoredBoxes boxes, GroundTruth truth) {
    int[] labelClasses = truth.classes();
    List<Match> matches = new ArrayList<>();
    int detections = 0;
    while (detections < boxes.count() && boxes.scores()[detections] > CONFIDENCE_THRESHOLD) {
      for (int l = 0; l < labelClasses.length; l++) {
        float iou = BoxIou.of(boxes.boxes(), 4 * detections, truth.boxes(), 4 * l);
        if (iou > IOU_THRESHOLD) {
          matches.add(new Match(detections, l, iou));
        }
      }
      detections++;
    }
    matches.sort(Comparator.comparingDouble(m -> -m.iou()));
    boolean[] isDetected = new boolean[labelClasses.length];
    boolean[] isMatched = new boolean[detections];
    // A detection can only match the label that it overlaps most.
    boolean[] isDecided = new boolean[detections];
    for (Match m : matches) {
      if (!isDecided[m.detection()]) {
        isDecided[m.detection()] = true;
        if (!isDetected[m.label()]) {
          isDetected[m.label()] = true;
          isMatched[m.detection()] = true;
          counts[boxes.classes()[m.detection()]][labelClasses[m.label()]]++;
        }
      }
    }
    for (int l = 0; l < isDetected.length; l++) {
      counts[classes][labelClasses[l]] += isDetected[l] ? 0 : 1;
    }
    for (int d = 0; d < detections; d++) {
      counts[boxes.classes()[d]][classes] += isMatched[d] ? 0 : 1;
    }
  }

  /** {@return the counts so far} */
  ConfusionMatrix build() {
    return new ConfusionMatrix(counts);
  }
}
