package ai.irmb.internal.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The file in COCO's result format that a command writes. */
final class CocoOption {
  @Option(
      names = "--coco",
      paramLabel = "FILE",
      description = "Write the detections in COCO's result format; - is standard output.")
  @Nullable OutputFile file;
}
