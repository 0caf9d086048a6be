package ai.irmb.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * COCO's protocol for boxes, worked out from its definition: detections of a class take the labels
 * best first, precision is read at 101 recalls. Every object counts, whatever its area, and up to
 * 300 detections an image and class.
 */
public final class CocoEvaluation {
  private static final int MOST = 300;
  private static final int THRESHOLDS = 10;
  private static final int RECALLS = 101;

  private CocoEvaluation() {}

  /**
   * A detection, or an object, whose score does not matter.
   *
   * @param image which one
   * @param x of the left side
   * @param y of the upper side
   */
  public record Row(
      String image, int classId, double score, double x, double y, double width, double height) {
    private double iou(Row other) {
      double w = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
      double h = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
      double both = Math.max(w, 0) * Math.max(h, 0);
      return both / (width * height + other.width * other.height - both);
    }
  }

  /** Means over the classes that have objects. */
  public record Result(double map, double map50, double map75) {}

  /** {@return the three figures that COCO prints first} */
  public static Result of(List<Row> found, List<Row> truth) {
    int[] classes = truth.stream().mapToInt(Row::classId).distinct().toArray();
    double[] mean = new double[THRESHOLDS];
    for (int c : classes) {
      for (int t = 0; t < THRESHOLDS; t++) {
        mean[t] += averagePrecision(ofClass(found, c), ofClass(truth, c), t) / classes.length;
      }
    }
    return new Result(Arrays.stream(mean).average().orElseThrow(), mean[0], mean[5]);
  }

  private static List<Row> ofClass(List<Row> rows, int classId) {
    return rows.stream().filter(row -> row.classId() == classId).toList();
  }

  private record Scored(double score, boolean right) {}

  private static double averagePrecision(List<Row> found, List<Row> truth, int threshold) {
    Map<String, List<Row>> objects = truth.stream().collect(Collectors.groupingBy(Row::image));
    Map<String, List<Row>> images = found.stream().collect(Collectors.groupingBy(Row::image));
    List<Scored> all = new ArrayList<>();
    images.forEach(
        (image, rows) ->
            all.addAll(match(rows, objects.getOrDefault(image, List.of()), threshold)));
    all.sort(Comparator.comparingDouble(s -> -s.score()));
    double[] recall = new double[all.size()];
    double[] precision = new double[all.size()];
    int hits = 0;
    for (int i = 0; i < recall.length; i++) {
      hits += all.get(i).right() ? 1 : 0;
      recall[i] = (double) hits / truth.size();
      precision[i] = (double) hits / (i + 1);
    }
    for (int i = precision.length - 1; i > 0; i--) {
      precision[i - 1] = Math.max(precision[i - 1], precision[i]);
    }
    double sum = 0;
    for (int i = 0, at = 0; i < RECALLS; i++) {
      while (at < recall.length && recall[at] < i / (RECALLS - 1.0)) {
        at++;
      }
      sum += at < recall.length ? precision[at] : 0;
    }
    return sum / RECALLS;
  }

  private static List<Scored> match(List<Row> rows, List<Row> objects, int threshold) {
    boolean[] taken = new boolean[objects.size()];
    IntPredicate free = l -> !taken[l];
    return rows.stream()
        .sorted(Comparator.comparingDouble(row -> -row.score()))
        .limit(MOST)
        .map(
            row -> {
              int best = best(row, objects, free, 0.5 + 0.05 * threshold);
              if (best >= 0) {
                taken[best] = true;
              }
              return new Scored(row.score(), best >= 0);
            })
        .toList();
  }

  private static int best(Row row, List<Row> objects, IntPredicate free, double least) {
    int best = -1;
    double most = least - 1e-10;
    for (int l = 0; l < objects.size(); l++) {
      double iou = row.iou(objects.get(l));
      if (free.test(l) && iou >= most) {
        most = iou;
        best = l;
      }
    }
    return best;
  }
}
