package ai.irmb;

import ai.irmb.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;

/** A program that exits while its threads detect. */
public final class ExitWhileDetecting {
  static final int CODE = 7;
  private static final int CALLERS = 3;

  private ExitWhileDetecting() {}

  /**
   * Runs.
   *
   * @param arguments weights, an image, the execution, and milliseconds until the exit
   */
  @SuppressWarnings("CatchAndPrintStackTrace") // The test checks for stack traces.
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
