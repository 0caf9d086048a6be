package ai.irmb.internal.cli;

import ai.irmb.Slices;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for slicing large images. */
final class SliceOptions {
  @Option(
      names = "--slice",
      paramLabel = "N|HxW",
      description = "Cut images that are larger into overlapping slices of this size.")
  private @Nullable String size;

  @Option(
      names = "--overlap",
      paramLabel = "X",
      description =
          "With --slice: minimum overlap, as a fraction of a slice's side (default: 0.2).")
  private @Nullable Double overlap;

  @Option(names = "--slices-only", description = "With --slice: do not run the full image as well.")
  private boolean slicesOnly;

  /** {@return the requested slices, or null} */
  @Nullable Slices slices() {
    if (size == null) {
      if (overlap != null || slicesOnly) {
        throw new IllegalArgumentException(
            (overlap != null ? "--overlap" : "--slices-only") + ": requires --slice N");
      }
      return null;
    }
    int[] hw = SizeOption.parse("--slice", size);
    Slices slices = Slices.of(hw[0], hw[1]).withIncludeFullImage(!slicesOnly);
    return overlap == null ? slices : slices.withOverlap(overlap);
  }
}
