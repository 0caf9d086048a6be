package ai.irmb;

import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;

/** A program that ends while its threads detect. */
public final class EndsInTheMiddle {
  static final int CODE = 7;
  private static final int CALLERS = 3;

  private EndsInTheMiddle() {}

  /**
   * Runs.
   *
   * @param arguments weights, an image, the execution, and milliseconds until the end
   */
  @SuppressWarnings("CatchAndPrintStackTrace") // It is what the test looks for.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Detector detector =
        Detector.builder()
            .weights(Path.of(arguments[0]))
            .device("cpu")
            .execution(ExecutionMode.valueOf(arguments[2]))
            .build();
    RgbImage image = RgbImage.read(Path.of(arguments[1]));
    detector.detect(image);
    for (int i = 0; i < CALLERS; i++) {
      Thread caller =
          new Thread(
              () -> {
                while (true) {
                  detector.detect(image);
                }
              });
      caller.setDaemon(true);
      caller.start();
    }
    Thread.sleep(Long.parseLong(arguments[3]));
    System.exit(CODE);
  }
}
