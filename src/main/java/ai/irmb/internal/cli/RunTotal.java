package ai.irmb.internal.cli;

import ai.irmb.Detections;
import ai.irmb.image.RgbImage;
import ai.irmb.internal.postprocess.Nms;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts the images and detections of a run, for its last lines. */
final class RunTotal implements Output {
  private int images;
  private int detections;
  private int truncated;
  private @Nullable String firstTruncated;

  @Override
  public void add(Input input, RgbImage image, Detections found) {
    images++;
    detections += found.size();
    if (found.truncated()) {
      truncated++;
      firstTruncated = firstTruncated == null ? input.given() : firstTruncated;
    }
  }

  /**
   * Prints what was done, and whether a maximum removed detections.
   *
   * @param failures number of inputs that could not be read or processed
   * @param maxDetections maximum number of detections per image
   * @param written files and folders with the results
   */
  void print(LinePrinter out, int failures, int maxDetections, List<String> written) {
    if (firstTruncated != null) {
      out.line(
          "not all detections are kept in "
              + count(truncated, "image")
              + ", such as "
              + firstTruncated
              + ": the maxima are --max-det "
              + maxDetections
              + " and "
              + Nms.MAX_CANDIDATES
              + " candidates for NMS; raise --max-det or --conf-thres");
    }
    out.line(
        count(images, "image")
            + ", "
            + count(detections, "detection")
            + (failures > 0 ? ", " + count(failures, "input") + " failed" : "")
            + (written.isEmpty() ? "" : "; written to " + String.join(", ", written)));
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }
}
