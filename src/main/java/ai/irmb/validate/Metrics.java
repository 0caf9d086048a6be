package ai.irmb.validate;

import ai.irmb.postprocess.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gathers which detections are right, and says how good that is: greedy matching by IoU, average
 * precision over 101 points of the precision envelope, precision and recall where the smoothed mean
 * F1 is best (upstream 7.0's {@code process_batch} and {@code ap_per_class}).
 *
 * <p>Not safe for concurrent use.
 */
final class Metrics {
  /** 0.5 to 0.95. */
  static final int THRESHOLDS = 10;

  private static final int POINTS = 1000;
  private static final double TINY = 1e-16;

  /** One detection: right at the thresholds whose bit is set. */
  private record Scored(float confidence, int classId, int right) {}

  /** A class's curves over confidence, and its average precision at each threshold. */
  private static final class Curves {
    private final double[] precision = new double[POINTS];
    private final double[] recall = new double[POINTS];
    private final double[] average = new double[THRESHOLDS];
  }

  private final List<Scored> scored = new ArrayList<>();
  private final Map<Integer, Integer> labels = new TreeMap<>();
  private int images;

  /**
   * Adds a picture.
   *
   * @param rows the detections, in pixels of the picture, best first
   * @param labelBoxes of the labels, likewise
   * @param labelClasses of the labels
   */
  void add(Rows rows, float[] labelBoxes, int[] labelClasses) {
    float[] boxes = rows.boxes();
    int[] classes = rows.classes();
    images++;
    for (int c : labelClasses) {
      labels.merge(c, 1, Integer::sum);
    }
    int n = rows.count();
    int[] best = new int[n];
    double[] overlap = new double[n];
    Arrays.fill(best, -1);
    for (int d = 0; d < n; d++) {
      for (int l = 0; l < labelClasses.length; l++) {
        if (labelClasses[l] == classes[d]) {
          double iou = iou(boxes, 4 * d, labelBoxes, 4 * l);
          if (iou > overlap[d]) {
            overlap[d] = iou;
            best[d] = l;
          }
        }
      }
    }
    int[] right = new int[n];
    for (int t = 0; t < THRESHOLDS; t++) {
      boolean[] taken = new boolean[labelClasses.length];
      double least = threshold(t);
      for (int d = 0; d < n; d++) {
        if (best[d] >= 0 && overlap[d] >= least && !taken[best[d]]) {
          taken[best[d]] = true;
          right[d] |= 1 << t;
        }
      }
    }
    for (int d = 0; d < n; d++) {
      scored.add(new Scored(rows.scores()[d], classes[d], right[d]));
    }
  }

  private static float threshold(int t) {
    return (float) (0.5 + 0.45 / (THRESHOLDS - 1) * t);
  }

  private static float iou(float[] a, int i, float[] b, int j) {
    float w = Math.max(0, Math.min(a[i + 2], b[j + 2]) - Math.max(a[i], b[j]));
    float h = Math.max(0, Math.min(a[i + 3], b[j + 3]) - Math.max(a[i + 1], b[j + 1]));
    float both = w * h;
    float first = (a[i + 2] - a[i]) * (a[i + 3] - a[i + 1]);
    float second = (b[j + 2] - b[j]) * (b[j + 3] - b[j + 1]);
    return both / (first + second - both + 1e-7f);
  }

  /** {@return what all pictures together say} */
  Report report(Map<Integer, String> names) {
    scored.sort(Comparator.comparingDouble(s -> -s.confidence()));
    Map<Integer, Curves> curves = new LinkedHashMap<>();
    labels.forEach((c, count) -> curves.put(c, curves(c, count)));
    int at = bestF1(curves.values().stream().toList());
    Map<String, Report.OfClass> classes = new LinkedHashMap<>();
    double[] sums = new double[4];
    curves.forEach(
        (c, curve) -> {
          double all = Arrays.stream(curve.average).sum() / THRESHOLDS;
          Report.OfClass own =
              new Report.OfClass(
                  labels.getOrDefault(c, 0),
                  curve.precision[at],
                  curve.recall[at],
                  curve.average[0],
                  all);
          classes.put(names.getOrDefault(c, String.valueOf(c)), own);
          sums[0] += own.precision();
          sums[1] += own.recall();
          sums[2] += own.map50();
          sums[3] += own.map();
        });
    int n = Math.max(curves.size(), 1);
    return new Report(
        images,
        labels.values().stream().mapToInt(Integer::intValue).sum(),
        sums[0] / n,
        sums[1] / n,
        sums[2] / n,
        sums[3] / n,
        (double) at / (POINTS - 1),
        classes);
  }

  private Curves curves(int classId, int count) {
    List<Scored> own = scored.stream().filter(s -> s.classId() == classId).toList();
    Curves curves = new Curves();
    if (own.isEmpty()) {
      return curves;
    }
    double[] falling = own.stream().mapToDouble(s -> -s.confidence()).toArray();
    for (int t = 0; t < THRESHOLDS; t++) {
      double[] precision = new double[own.size()];
      double[] recall = new double[own.size()];
      int hits = 0;
      for (int i = 0; i < precision.length; i++) {
        hits += own.get(i).right() >> t & 1;
        precision[i] = (double) hits / (i + 1);
        recall[i] = hits / (count + TINY);
      }
      curves.average[t] = average(precision, recall);
      if (t == 0) {
        for (int p = 0; p < POINTS; p++) {
          double x = -(double) p / (POINTS - 1);
          curves.precision[p] = interpolate(x, falling, precision, 1);
          curves.recall[p] = interpolate(x, falling, recall, 0);
        }
      }
    }
    return curves;
  }

  /** The area under the envelope of precision over recall, by 101 points. */
  private static double average(double[] precision, double[] recall) {
    int n = precision.length;
    double[] x = new double[n + 2];
    double[] y = new double[n + 2];
    System.arraycopy(recall, 0, x, 1, n);
    System.arraycopy(precision, 0, y, 1, n);
    x[n + 1] = 1;
    y[0] = 1;
    for (int i = n; i >= 0; i--) {
      y[i] = Math.max(y[i], y[i + 1]);
    }
    double area = 0;
    double before = interpolate(0, x, y, y[0]);
    for (int i = 1; i <= 100; i++) {
      double value = interpolate(i / 100.0, x, y, y[0]);
      area += (before + value) / 2 / 100;
      before = value;
    }
    return area;
  }

  /** Between the points of a rising x; of several at one x, the last counts. */
  private static double interpolate(double at, double[] x, double[] y, double left) {
    if (at < x[0]) {
      return left;
    }
    int low = 0;
    int high = x.length;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (x[middle] <= at) {
        low = middle;
      } else {
        high = middle;
      }
    }
    if (low == x.length - 1 || x[low] == at) {
      return y[low];
    }
    return (y[low + 1] - y[low]) / (x[low + 1] - x[low]) * (at - x[low]) + y[low];
  }

  /** Where the mean F1 over the classes, smoothed over a tenth of the axis, is greatest. */
  private static int bestF1(List<Curves> curves) {
    double[] mean = new double[POINTS];
    for (Curves c : curves) {
      for (int i = 0; i < POINTS; i++) {
        double p = c.precision[i];
        double r = c.recall[i];
        mean[i] += 2 * p * r / (p + r + TINY) / curves.size();
      }
    }
    int half = POINTS / 20;
    int best = 0;
    double most = -1;
    for (int i = 0; i < POINTS; i++) {
      double sum = 0;
      for (int k = -half; k <= half; k++) {
        sum += mean[Math.min(Math.max(i + k, 0), POINTS - 1)];
      }
      if (sum > most) {
        most = sum;
        best = i;
      }
    }
    return best;
  }
}
