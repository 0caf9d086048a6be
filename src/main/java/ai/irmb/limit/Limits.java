package ai.irmb.limit;

import java.io.Serializable;

/**
 * Bounds on what a file from outside may ask for. A file that goes beyond one is refused with an
 * error that names the value, the limit and the setting; no file can raise a limit, an application
 * can. Immutable.
 *
 * @param pickleBytes size of a checkpoint's pickle; 64 MiB by default
 * @param pickleDepth nesting of values in a pickle; 200
 * @param stringBytes one string in a pickle or header; 16 MiB
 * @param headerBytes header of a safetensors file; 16 MiB
 * @param headerDepth nesting in a safetensors header; 8
 * @param zipEntries entries of a zip archive; 100,000
 * @param tensorRank axes of a tensor; 8
 * @param yamlBytes size of a model YAML; 1 MiB
 * @param yamlDepth nesting in a model YAML; 64
 * @param yamlAliases aliases in a model YAML; 50
 * @param layers layers of a network; 1,000
 * @param repeats repeats of one layer, after depth scaling; 1,000
 * @param channels channels of one layer; 65,536
 * @param classes classes that a network tells apart; 65,536
 * @param pixels pixels of an image; 64,000,000
 * @param side one side of an image in pixels; 65,535
 * @param jpegScans scans of a JPEG; 100
 */
public record Limits(
    long pickleBytes,
    int pickleDepth,
    int stringBytes,
    int headerBytes,
    int headerDepth,
    int zipEntries,
    int tensorRank,
    int yamlBytes,
    int yamlDepth,
    int yamlAliases,
    int layers,
    int repeats,
    int channels,
    int classes,
    long pixels,
    int side,
    int jpegScans)
    implements Serializable {

  /** The documented defaults. */
  public static final Limits DEFAULTS =
      new Limits(
          64L << 20,
          200,
          16 << 20,
          16 << 20,
          8,
          100_000,
          8,
          1 << 20,
          64,
          50,
          1_000,
          1_000,
          65_536,
          65_536,
          64_000_000,
          65_535,
          100);

  /**
   * @throws IllegalArgumentException if a limit is not positive
   */
  public Limits {
    if (pickleBytes <= 0
        || pickleDepth <= 0
        || stringBytes <= 0
        || headerBytes <= 0
        || headerDepth <= 0
        || zipEntries <= 0
        || tensorRank <= 0
        || yamlBytes <= 0
        || yamlDepth <= 0
        || yamlAliases <= 0
        || layers <= 0
        || repeats <= 0
        || channels <= 0
        || classes <= 0
        || pixels <= 0
        || side <= 0
        || jpegScans <= 0) {
      throw new IllegalArgumentException("every limit must be positive");
    }
  }

  /** {@return these limits with another bound on the pixels of an image} */
  public Limits withPixels(long newPixels) {
    return new Limits(
        pickleBytes,
        pickleDepth,
        stringBytes,
        headerBytes,
        headerDepth,
        zipEntries,
        tensorRank,
        yamlBytes,
        yamlDepth,
        yamlAliases,
        layers,
        repeats,
        channels,
        classes,
        newPixels,
        side,
        jpegScans);
  }
}
