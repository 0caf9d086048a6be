package ai.irmb.internal.validate;

import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.validate.ConfusionMatrix;
import ai.irmb.validate.Curves;
import ai.irmb.validate.Report;
import ai.irmb.validate.Validation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers which detections are right, and says how good that is: greedy matching by IoU, average
 * precision over 101 points of the precision envelope, precision and recall where the smoothed mean
 * F1 is best (upstream 7.0's {@code process_batch} and {@code ap_per_class}).
 *
 * <p>Keeps ten bytes a detection. Not safe for concurrent use.
 */
final class Metrics {
  /** 0.5 to 0.95. */
  static final int THRESHOLDS = 10;

  private static final double TINY = 1e-16;

  /** Overlaps that differ by no more are alike. */
  private static final float ROUNDING = 1e-6f;

  /** Over how much of the axis F1 is smoothed before the best is looked for. */
  private static final double SMOOTHED = 0.1;

  private final Map<Integer, String> names;
  private final ConfusionMatrix confusion;
  private final ScoredRows[] scored;
  private final int[] labels;
  private final int[] imagesWith;
  private int images;

  /**
   * @param names the model's, by class id from 0
   */
  Metrics(Map<Integer, String> names) {
    this.names = names;
    this.confusion = new ConfusionMatrix(names.size());
    this.labels = new int[names.size()];
    this.imagesWith = new int[names.size()];
    this.scored = new ScoredRows[names.size()];
    Arrays.setAll(scored, c -> new ScoredRows());
  }

  /**
   * Adds an image.
   *
   * @param rows the detections, in pixels of the image, best first
   */
  void add(ScoredBoxes rows, Truth truth) {
    images++;
    for (int c : truth.classes()) {
      labels[c]++;
    }
    Arrays.stream(truth.classes()).distinct().forEach(c -> imagesWith[c]++);
    confusion.add(rows, truth);
    int[] right = rightAt(rows, truth);
    for (int d = 0; d < right.length; d++) {
      scored[rows.classes()[d]].add(rows.scores()[d], right[d]);
    }
  }

  /** {@return for each detection a bit for each threshold at which it is right} */
  private static int[] rightAt(ScoredBoxes rows, Truth truth) {
    int[] right = new int[rows.count()];
    int[] takenAt = new int[truth.count()];
    for (int d = 0; d < right.length; d++) {
      int best = -1;
      float most = 0;
      for (int l = 0; l < takenAt.length; l++) {
        if (truth.classes()[l] == rows.classes()[d]) {
          float iou = Overlap.iou(rows.boxes(), 4 * d, truth.boxes(), 4 * l);
          // Of labels that overlap it alike upstream's sort leaves the last. Labels of one size
          // often do, so rounding must not decide.
          if (iou > 0 && iou >= most - ROUNDING) {
            most = Math.max(most, iou);
            best = l;
          }
        }
      }
      for (int t = 0; best >= 0 && t < THRESHOLDS && most >= threshold(t); t++) {
        right[d] |= ~takenAt[best] & 1 << t;
        takenAt[best] |= 1 << t;
      }
    }
    return right;
  }

  private static float threshold(int t) {
    return (float) (0.5 + 0.45 / (THRESHOLDS - 1) * t);
  }

  /** {@return what all images together say} */
  Validation result() {
    List<Integer> ids = new ArrayList<>();
    List<Curves> curves = new ArrayList<>();
    List<Double> averages = new ArrayList<>();
    for (int c = 0; c < labels.length; c++) {
      if (labels[c] > 0) {
        ids.add(c);
        addCurves(c, curves, averages);
      }
    }
    int at = bestF1(curves);
    Map<String, Report.ClassReport> classes = new LinkedHashMap<>();
    double[] sums = new double[4];
    for (int i = 0; i < curves.size(); i++) {
      Curves c = curves.get(i);
      Report.ClassReport own =
          new Report.ClassReport(
              imagesWith[ids.get(i)],
              c.labels(),
              c.precision()[at],
              c.recall()[at],
              c.map50(),
              averages.get(i));
      // Two classes of one name stay apart.
      boolean taken = classes.containsKey(c.name());
      classes.put(taken ? c.name() + " (" + ids.get(i) + ")" : c.name(), own);
      sums[0] += own.precision();
      sums[1] += own.recall();
      sums[2] += own.map50();
      sums[3] += own.map50To95();
    }
    int n = Math.max(curves.size(), 1);
    Report report =
        new Report(
            images,
            Arrays.stream(labels).sum(),
            sums[0] / n,
            sums[1] / n,
            sums[2] / n,
            sums[3] / n,
            (double) at / (Curves.POINTS - 1),
            classes);
    return new Validation(names, report, curves, confusion);
  }

  private void addCurves(int classId, List<Curves> curves, List<Double> averages) {
    ScoredRows own = scored[classId];
    own.sort();
    double[] precision = new double[Curves.POINTS];
    double[] recall = new double[Curves.POINTS];
    double[] envelope = new double[Curves.POINTS];
    double map50 = 0;
    double sum = 0;
    for (int t = 0; t < THRESHOLDS && own.count() > 0; t++) {
      double[] p = new double[own.count()];
      double[] r = new double[own.count()];
      int hits = 0;
      for (int i = 0; i < p.length; i++) {
        hits += own.right(i) >> t & 1;
        p[i] = (double) hits / (i + 1);
        r[i] = hits / (labels[classId] + TINY);
      }
      AveragePrecision average = new AveragePrecision(p, r);
      double area = average.area();
      sum += area;
      if (t == 0) {
        map50 = area;
        double[] falling = own.falling();
        for (int i = 0; i < Curves.POINTS; i++) {
          double x = (double) i / (Curves.POINTS - 1);
          precision[i] = AveragePrecision.interpolate(-x, falling, p, 1);
          recall[i] = AveragePrecision.interpolate(-x, falling, r, 0);
          envelope[i] = average.at(x);
        }
      }
    }
    averages.add(sum / THRESHOLDS);
    curves.add(
        new Curves(
            names.getOrDefault(classId, String.valueOf(classId)),
            labels[classId],
            precision,
            recall,
            envelope,
            map50));
  }

  /** Where the mean F1 over the classes is greatest. */
  private static int bestF1(List<Curves> curves) {
    double[] mean = new double[Curves.POINTS];
    for (Curves c : curves) {
      double[] f1 = c.f1();
      for (int i = 0; i < mean.length; i++) {
        mean[i] += f1[i] / curves.size();
      }
    }
    double[] smooth = Curves.smooth(mean, SMOOTHED);
    int best = 0;
    for (int i = 1; i < smooth.length; i++) {
      if (smooth[i] > smooth[best]) {
        best = i;
      }
    }
    return best;
  }
}
