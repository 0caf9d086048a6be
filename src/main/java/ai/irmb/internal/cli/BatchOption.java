package ai.irmb.internal.cli;

import picocli.CommandLine.Option;

/** The number of images per forward pass; each command has a default of its own. */
final class BatchOption {
  @Option(
      names = {"--batch-size", "--batch"},
      paramLabel = "N",
      description = "Images per forward pass (default: ${DEFAULT-VALUE}).")
  private int batch;

  BatchOption(int batch) {
    this.batch = batch;
  }

  /**
   * {@return the number of images}
   *
   * @throws IllegalArgumentException if it is out of range
   */
  int batch() {
    if (batch < 1 || batch > 1024) {
      throw new IllegalArgumentException("--batch-size: expected 1 to 1024, found " + batch);
    }
    return batch;
  }
}
