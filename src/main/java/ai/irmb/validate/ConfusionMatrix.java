package ai.irmb.validate;

import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.internal.validate.Overlap;
import ai.irmb.internal.validate.Truth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which class was taken for which, counted over detections with confidence above 0.25 that overlap
 * a label by more than 0.45, one to one, as upstream counts. The class after the last is the
 * background: labels that were not found, and detections where there is nothing. (Upstream leaves
 * the latter out for images without any match; here they count.)
 *
 * <p>Not safe for concurrent use while a validation runs.
 */
public final class ConfusionMatrix {
  private static final float LEAST_CONFIDENCE = 0.25f;
  private static final float LEAST_OVERLAP = 0.45f;

  private final int classes;
  private final long[][] counts;

  public ConfusionMatrix(int classes) {
    this.classes = classes;
    this.counts = new long[classes + 1][classes + 1];
  }

  private record Match(int detection, int label, float overlap) {}

  public void add(ScoredBoxes rows, Truth truth) {
    int[] labelClasses = truth.classes();
    List<Match> matches = new ArrayList<>();
    int detections = 0;
    while (detections < rows.count() && rows.scores()[detections] > LEAST_CONFIDENCE) {
      for (int l = 0; l < labelClasses.length; l++) {
        float overlap = Overlap.iou(rows.boxes(), 4 * detections, truth.boxes(), 4 * l);
        if (overlap > LEAST_OVERLAP) {
          matches.add(new Match(detections, l, overlap));
        }
      }
      detections++;
    }
    matches.sort(Comparator.comparingDouble(m -> -m.overlap()));
    boolean[] found = new boolean[labelClasses.length];
    boolean[] used = new boolean[detections];
    // A detection speaks for the label that it overlaps most, or for none.
    boolean[] spoken = new boolean[detections];
    for (Match m : matches) {
      if (!spoken[m.detection()]) {
        spoken[m.detection()] = true;
        if (!found[m.label()]) {
          found[m.label()] = true;
          used[m.detection()] = true;
          counts[rows.classes()[m.detection()]][labelClasses[m.label()]]++;
        }
      }
    }
    for (int l = 0; l < found.length; l++) {
      counts[classes][labelClasses[l]] += found[l] ? 0 : 1;
    }
    for (int d = 0; d < detections; d++) {
      counts[rows.classes()[d]][classes] += used[d] ? 0 : 1;
    }
  }

  /** {@return the number of classes, without the background} */
  public int classes() {
    return classes;
  }

  /**
   * {@return how often}
   *
   * @param predicted class, or {@link #classes()} for nothing found
   * @param actual class, or {@link #classes()} for nothing there
   */
  public long count(int predicted, int actual) {
    return counts[predicted][actual];
  }

  /** {@return which part of a class's objects was taken for another class; 0 if there are none} */
  public double part(int predicted, int actual) {
    long all = 0;
    for (long[] row : counts) {
      all += row[actual];
    }
    return all == 0 ? 0 : (double) counts[predicted][actual] / all;
  }
}
