package ai.irmb;

import ai.irmb.image.RgbImage;
import ai.irmb.testing.NativeMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A program that detects, or loads and closes, many times, and prints its resident memory now and
 * then. In a JVM of its own nothing else allocates.
 */
public final class LongRun {
  private static final int IMAGES = 48;

  private LongRun() {}

  /** The operation to repeat. */
  enum Work {
    DETECT,
    LOAD
  }

  /**
   * Runs.
   *
   * @param arguments the operation, the execution mode, weights, an image, the number of
   *     repetitions, and the number of them per sample
   */
  public static void main(String[] arguments) throws IOException {
    Work work = Work.valueOf(arguments[0]);
    ExecutionMode mode = ExecutionMode.valueOf(arguments[1]);
    Path weights = Path.of(arguments[2]);
    List<RgbImage> images = mixed(RgbImage.read(Path.of(arguments[3])));
    int count = Integer.parseInt(arguments[4]);
    int early = Integer.parseInt(arguments[5]);
    MemorySamples looks = new MemorySamples(early, count);
    if (work == Work.DETECT) {
      try (Detector detector = load(weights, mode)) {
        for (int i = 1; i <= count; i++) {
          detect(detector, images.get(i % IMAGES), i);
          looks.maybePrint(i);
        }
      }
    } else {
      for (int i = 1; i <= count; i++) {
        try (Detector detector = load(weights, mode)) {
          detect(detector, images.get(i % IMAGES), 0);
        }
        looks.maybePrint(i);
      }
    }
    System.out.println("arrays " + NativeMemory.liveArrays());
  }

  private static Detector load(Path weights, ExecutionMode mode) {
    return Detector.builder().weights(weights).device("cpu").execution(mode).build();
  }

  private static void detect(Detector detector, RgbImage image, int i) {
    DetectOptions options = DetectOptions.DEFAULTS.withSize(64 + 32 * (i % 3));
    if (detector.detect(image, options).width() != image.width()) {
      throw new IllegalStateException("detections of another image");
    }
  }

  /** {@return crops of an image in many sizes and shapes; the same in every run} */
  private static List<RgbImage> mixed(RgbImage image) {
    Random random = new Random(20_261_125);
    List<RgbImage> all = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      int width = 24 + random.nextInt(image.width() - 24);
      int height = 24 + random.nextInt(image.height() - 24);
      byte[] rgb = new byte[3 * width * height];
      for (int y = 0, at = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int pixel = image.rgb(x, y);
          rgb[at++] = (byte) (pixel >> 16);
          rgb[at++] = (byte) (pixel >> 8);
          rgb[at++] = (byte) pixel;
        }
      }
      all.add(RgbImage.of(width, height, rgb));
    }
    return all;
  }

  /** Prints the resident memory at intervals; the test compares the first and the last sample. */
  private record MemorySamples(int early, int last) {
    void maybePrint(int i) throws IOException {
      if (i % early == 0 || i == last) {
        System.out.printf(
            Locale.ROOT, "resident %d after %d%n", NativeMemory.residentWithHeap(), i);
      }
    }
  }
}
