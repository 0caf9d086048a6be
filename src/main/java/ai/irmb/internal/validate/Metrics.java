package ai.irmb.internal.validate;

import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.irmb.validate.Curves;
import ai.irmb.validate.Report;
import ai.irmb.validate.Report.ClassReport;
import ai.irmb.validate.Validation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Accumulates detections and computes a validation's figures: greedy matching by IoU, average
 * precision over 101 points of the precision envelope, precision and recall where the smoothed mean
 * F1 is best (YOLOv5 7.0's {@code process_batch} and {@code ap_per_class}).
 *
 * <p>Keeps ten bytes per detection, twice that with masks. Not safe for concurrent use.
 */
final class Metrics {
  /** IoU thresholds from 0.5 to 0.95. */
  private static final int THRESHOLDS = 10;

  /** Avoids a division by zero, as in YOLOv5. */
  private static final double EPSILON = 1e-16;

  /** IoUs that differ by at most this count as equal. */
  private static final float IOU_TOLERANCE = 1e-6f;

  /** The fraction of the axis over which F1 is smoothed before its maximum is taken. */
  private static final double F1_SMOOTHING = 0.1;

  private final Map<Integer, String> names;
  private final ConfusionCounter confusion;
  private final ClassDetections[] boxes;
  private final ClassDetections[] masks;
  private final int[] labels;
  private final int[] imagesWithClass;
  private int images;

  /** The overlap of detections and labels of an image. */
  @FunctionalInterface
  interface Overlap {
    float iou(int detection, int label);
  }

  /**
   * @param names the model's, by class id from 0
   */
  Metrics(Map<Integer, String> names) {
    this.names = names;
    this.confusion = new ConfusionCounter(names.size());
    this.labels = new int[names.size()];
    this.imagesWithClass = new int[names.size()];
    this.boxes = new ClassDetections[names.size()];
    this.masks = new ClassDetections[names.size()];
    Arrays.setAll(boxes, c -> new ClassDetections());
    Arrays.setAll(masks, c -> new ClassDetections());
  }

  /**
   * Adds an image.
   *
   * @param found the detections, in pixels of the image, best first
   * @param maskOverlap of the masks, or null if masks are not measured
   */
  void add(ScoredBoxes found, GroundTruth truth, @Nullable Overlap maskOverlap) {
    images++;
    for (int c : truth.classes()) {
      labels[c]++;
    }
    Arrays.stream(truth.classes()).distinct().forEach(c -> imagesWithClass[c]++);
    confusion.add(found, truth);
    add(found, truth, (d, l) -> BoxIou.of(found.boxes(), 4 * d, truth.boxes(), 4 * l), boxes);
    if (maskOverlap != null) {
      add(found, truth, maskOverlap, masks);
    }
  }

  /** Adds for each detection one bit for each IoU threshold at which it is a true positive. */
  private static void add(
      ScoredBoxes found, GroundTruth truth, Overlap overlap, ClassDetections[] to) {
    int[] matchedAt = new int[truth.count()];
    for (int d = 0; d < found.count(); d++) {
      int best = -1;
      float bestIou = 0;
      for (int l = 0; l < matchedAt.length; l++) {
        if (truth.classes()[l] == found.classes()[d]) {
          float iou = overlap.iou(d, l);
          // Of labels with the same IoU, YOLOv5's sort leaves the last. Labels of one size often
          // have the same, so rounding must not decide.
          if (iou > 0 && iou >= bestIou - IOU_TOLERANCE) {
            bestIou = Math.max(bestIou, iou);
            best = l;
          }
        }
      }
      int truePositive = 0;
      for (int t = 0; best >= 0 && t < THRESHOLDS && bestIou >= threshold(t); t++) {
        truePositive |= ~matchedAt[best] & 1 << t;
        matchedAt[best] |= 1 << t;
      }
      to[found.classes()[d]].add(found.scores()[d], truePositive);
    }
  }

  private static float threshold(int t) {
    return (float) (0.5 + 0.45 / (THRESHOLDS - 1) * t);
  }

  /** The curves of one class and its average precision. */
  private record ClassResult(int classId, Curves curves, double map50, double map50To95) {}

  /** The figures of the boxes or of the masks. */
  private record Figures(Report report, Map<String, Curves> curves) {}

  /**
   * {@return the figures over all images}
   *
   * @param hasMasks whether masks were measured
   */
  Validation result(boolean hasMasks) {
    Figures ofBoxes = figures(boxes);
    Figures ofMasks = hasMasks ? figures(masks) : null;
    return new Validation(
        names,
        ofBoxes.report(),
        ofBoxes.curves(),
        confusion.build(),
        ofMasks == null ? null : ofMasks.report(),
        ofMasks == null ? Map.of() : ofMasks.curves());
  }

  private Figures figures(ClassDetections[] detections) {
    List<ClassResult> results = new ArrayList<>();
    for (int c = 0; c < labels.length; c++) {
      if (labels[c] > 0) {
        results.add(result(c, detections[c]));
      }
    }
    double[] f1 = MeanCurve.of(results.stream().map(ClassResult::curves).toList(), Curves::f1);
    int best = MeanCurve.indexOfMax(MeanCurve.smoothed(f1, F1_SMOOTHING));
    Map<String, ClassReport> classes = new LinkedHashMap<>();
    Map<String, Curves> curves = new LinkedHashMap<>();
    for (ClassResult r : results) {
      int id = r.classId();
      String name = names.getOrDefault(id, String.valueOf(id));
      String unique = classes.containsKey(name) ? name + " (" + id + ")" : name;
      curves.put(unique, r.curves());
      classes.put(
          unique,
          new ClassReport(
              imagesWithClass[id],
              labels[id],
              r.curves().precision()[best],
              r.curves().recall()[best],
              r.map50(),
              r.map50To95()));
    }
    double confidence = (double) best / (Curves.POINTS - 1);
    return new Figures(report(classes, confidence), curves);
  }

  private Report report(Map<String, ClassReport> classes, double confidence) {
    double[] sums = new double[4];
    for (ClassReport c : classes.values()) {
      sums[0] += c.precision();
      sums[1] += c.recall();
      sums[2] += c.map50();
      sums[3] += c.map50To95();
    }
    int n = Math.max(classes.size(), 1);
    return new Report(
        images,
        Arrays.stream(labels).sum(),
        sums[0] / n,
        sums[1] / n,
        sums[2] / n,
        sums[3] / n,
        confidence,
        classes);
  }

  private ClassResult result(int classId, ClassDetections sorted) {
    sorted.sort();
    double[] precision = new double[Curves.POINTS];
    double[] recall = new double[Curves.POINTS];
    double[] precisionOverRecall = new double[Curves.POINTS];
    double map50 = 0;
    double sum = 0;
    for (int t = 0; t < THRESHOLDS && sorted.count() > 0; t++) {
      double[] p = new double[sorted.count()];
      double[] r = new double[sorted.count()];
      int hits = 0;
      for (int i = 0; i < p.length; i++) {
        hits += sorted.truePositive(i) >> t & 1;
        p[i] = (double) hits / (i + 1);
        r[i] = hits / (labels[classId] + EPSILON);
      }
      AveragePrecision average = new AveragePrecision(p, r);
      double area = average.area();
      sum += area;
      if (t == 0) {
        map50 = area;
        double[] negatedScores = sorted.negatedScores();
        for (int i = 0; i < Curves.POINTS; i++) {
          double x = (double) i / (Curves.POINTS - 1);
          precision[i] = AveragePrecision.interpolate(-x, negatedScores, p, 1);
          recall[i] = AveragePrecision.interpolate(-x, negatedScores, r, 0);
          precisionOverRecall[i] = average.precisionAt(x);
        }
      }
    }
    Curves curves = new Curves(precision, recall, precisionOverRecall);
    return new ClassResult(classId, curves, map50, sum / THRESHOLDS);
  }
}
