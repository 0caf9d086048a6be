package ai.irmb.bench;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.cli.Statistics;
import ai.irmb.internal.geometry.LetterboxGeometry;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * A stream of images as they come: 240 JPEGs drawn from 200 random sizes, the same in each run.
 * Each contestant is a process of its own, so that its memory can be told; they take turns.
 */
final class MixedSizes {
  private static final int IMAGES = 240;
  private static final int SIZES = 200;
  private static final int FIRST = 60;
  private static final int MIN_SIDE = 300;
  private static final int MAX_SIDE = 1600;
  private static final double SIGMA = 0.45;
  private static final int PAUSE_MILLIS = 50;

  private final List<Path> files = new ArrayList<>();
  private final List<String> shapes = new ArrayList<>();

  /**
   * @param folder for the files
   * @param size of the network's input
   */
  MixedSizes(RgbImage image, Path folder, int size) throws IOException {
    Files.createDirectories(folder);
    Random random = new Random(5);
    int[][] sizes = new int[SIZES][];
    for (int i = 0; i < SIZES; i++) {
      int longer = MIN_SIDE + random.nextInt(MAX_SIDE - MIN_SIDE + 1);
      double ratio = Math.exp(SIGMA * random.nextGaussian());
      int shorter = (int) Math.max(1, longer * Math.min(ratio, 1 / ratio));
      sizes[i] = ratio >= 1 ? new int[] {longer, shorter} : new int[] {shorter, longer};
    }
    for (int i = 0; i < IMAGES; i++) {
      int[] s = sizes[random.nextInt(SIZES)];
      Path file = folder.resolve(s[0] + "x" + s[1] + ".jpg").toAbsolutePath();
      if (!Files.exists(file)) {
        RgbImage.of(resized(image, s[0], s[1])).write(file);
      }
      files.add(file);
      LetterboxGeometry g = LetterboxGeometry.of(s[0], s[1], size, size, true, true, 32);
      shapes.add(g.height() + " " + g.width());
    }
  }

  private static BufferedImage resized(RgbImage image, int width, int height) {
    BufferedImage resized = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = resized.createGraphics();
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.drawImage(image.toBufferedImage(), 0, 0, width, height, null);
    g.dispose();
    return resized;
  }

  /** {@return the number of network shapes} */
  int shapes() {
    return new HashSet<>(shapes).size();
  }

  /**
   * Milliseconds of a contestant.
   *
   * @param boxes bytes to boxes; empty for a network alone
   * @param network the network alone
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Times(String name, double[] boxes, double[] network, double megabytes) {}

  /**
   * {@return the times}
   *
   * @param pipelines read names of files, and print the milliseconds to the boxes and of the
   *     network
   * @param networks read sizes, and print the milliseconds of the network
   */
  List<Times> run(List<LineProcess> pipelines, List<LineProcess> networks)
      throws IOException, InterruptedException {
    int count = pipelines.size() + networks.size();
    double[][] boxes = new double[count][];
    double[][] network = new double[count][IMAGES];
    for (int k = 0; k < count; k++) {
      boxes[k] = new double[k < pipelines.size() ? IMAGES : 0];
    }
    for (int i = 0; i < IMAGES; i++) {
      for (int k = 0; k < count; k++) {
        Thread.sleep(PAUSE_MILLIS);
        if (k < pipelines.size()) {
          double[] answer = pipelines.get(k).answer(files.get(i).toString());
          boxes[k][i] = answer[0];
          network[k][i] = answer[1];
        } else {
          network[k][i] = networks.get(k - pipelines.size()).answer(shapes.get(i))[0];
        }
      }
    }
    List<Times> times = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      LineProcess process =
          k < pipelines.size() ? pipelines.get(k) : networks.get(k - pipelines.size());
      times.add(new Times(process.name(), boxes[k], network[k], process.residentMegabytes()));
    }
    return times;
  }

  static final String HEADER =
      "| what | who | mean | p50 | p90 | p99 | max | first 60 | MB | new shape ÷ later |\n"
          + "|---|---|---|---|---|---|---|---|---|---|";

  /** {@return a line of the table} */
  String line(String what, Times times, double[] millis) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.0f | %.2f |",
        what,
        times.name(),
        mean(millis, IMAGES),
        Statistics.median(millis),
        Statistics.percentile(millis, 0.9),
        Statistics.percentile(millis, 0.99),
        Arrays.stream(millis).max().orElse(0),
        mean(millis, FIRST),
        times.megabytes(),
        newShapes(millis));
  }

  /** {@return one contestant's mean, 99th percentile, first images and memory ÷ a rival's} */
  static String ratios(Times ours, Times rival, boolean networkAlone) {
    double[] a = networkAlone ? ours.network() : ours.boxes();
    double[] b = networkAlone ? rival.network() : rival.boxes();
    return String.format(
        Locale.ROOT,
        "÷ %s: mean %.2f, p99 %.2f, first 60 %.2f, memory %.2f",
        rival.name(),
        mean(a, IMAGES) / mean(b, IMAGES),
        Statistics.percentile(a, 0.99) / Statistics.percentile(b, 0.99),
        mean(a, FIRST) / mean(b, FIRST),
        ours.megabytes() / rival.megabytes());
  }

  private static double mean(double[] millis, int count) {
    return Arrays.stream(millis, 0, count).average().orElse(0);
  }

  /** {@return the first times of the shapes that come again ÷ their later ones} */
  private double newShapes(double[] millis) {
    Map<String, List<Double>> byShape = new HashMap<>();
    for (int i = 0; i < IMAGES; i++) {
      byShape.computeIfAbsent(shapes.get(i), s -> new ArrayList<>()).add(millis[i]);
    }
    double first = 0;
    double later = 0;
    for (List<Double> all : byShape.values()) {
      if (all.size() > 1) {
        first += all.get(0);
        later +=
            all.subList(1, all.size()).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
      }
    }
    return first / later;
  }
}
