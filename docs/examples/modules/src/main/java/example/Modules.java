package example;

import ai.irmb.Detection;
import ai.irmb.Detector;
import java.nio.file.Path;

/** Prints the objects in an image: {@code Modules WEIGHTS IMAGE}. */
public final class Modules {
  private Modules() {}

  public static void main(String[] args) throws Exception {
    System.out.println("library: " + Detector.class.getModule());
    try (Detector detector = Detector.load(Path.of(args[0]))) {
      for (Detection d : detector.detect(Path.of(args[1]))) {
        System.out.println(d);
      }
    }
  }
}
