package example;

import ai.irmb.Detector;
import java.nio.file.Path;

/** Detects with the model and picture that are named on the command line. */
public final class Embedder {
  private Embedder() {}

  public static void main(String[] args) throws Exception {
    try (Detector detector = Detector.load(Path.of(args[0]))) {
      detector.detect(Path.of(args[1])).forEach(System.out::println);
    }
  }
}
