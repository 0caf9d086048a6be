package ai.irmb.internal.cli;

import picocli.CommandLine.Option;

/** The thresholds and the maximum of NMS; each command has defaults of its own. */
final class ThresholdOptions {
  @Option(
      names = "--conf-thres",
      paramLabel = "X",
      description = "Minimum confidence, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double confidence;

  @Option(
      names = "--iou-thres",
      paramLabel = "X",
      description = "Maximum IoU of two boxes of a class, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double iou;

  @Option(
      names = "--max-det",
      paramLabel = "N",
      description = "Maximum number of detections per image (default: ${DEFAULT-VALUE}).")
  private int maxDetections;

  ThresholdOptions(double confidence, double iou, int maxDetections) {
    this.confidence = confidence;
    this.iou = iou;
    this.maxDetections = maxDetections;
  }

  double confidence() {
    return confidence;
  }

  double iou() {
    return iou;
  }

  int maxDetections() {
    return maxDetections;
  }
}
