package example;

import ai.irmb.Detection;
import ai.irmb.Detector;
import java.nio.file.Path;

/** Prints the objects in images: {@code Plain WEIGHTS IMAGE...}. */
public final class Plain {
  private Plain() {}

  public static void main(String[] args) throws Exception {
    try (Detector detector = Detector.load(Path.of(args[0]))) {
      for (int i = 1; i < args.length; i++) {
        for (Detection d : detector.detect(Path.of(args[i]))) {
          System.out.println(d);
        }
      }
    }
  }
}
