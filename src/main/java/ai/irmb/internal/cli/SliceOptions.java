package ai.irmb.internal.cli;

import ai.irmb.Slices;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How large images are cut. */
final class SliceOptions {
  @Option(
      names = "--slice",
      paramLabel = "N|HxW",
      description = "Cut larger images into overlapping slices of so many pixels.")
  private @Nullable String size;

  @Option(
      names = "--overlap",
      paramLabel = "SHARE",
      description = "With --slice: least overlap, as a share of a slice's side (0.2).")
  private @Nullable Double overlap;

  @Option(
      names = "--slices-only",
      description = "With --slice: do not look at the image as a whole as well.")
  private boolean slicesOnly;

  /** {@return the slices that were asked for, or null} */
  @Nullable Slices slices() {
    if (size == null) {
      if (overlap != null || slicesOnly) {
        throw new IllegalArgumentException(
            (overlap != null ? "--overlap" : "--slices-only") + ": needs --slice N beside it");
      }
      return null;
    }
    int[] hw = ModelOptions.size("--slice", size);
    Slices slices = Slices.of(hw[0], hw[1]).withIncludeFullImage(!slicesOnly);
    return overlap == null ? slices : slices.withOverlap(overlap);
  }
}
