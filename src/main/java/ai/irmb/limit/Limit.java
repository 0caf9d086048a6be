package ai.irmb.limit;

import java.util.Locale;

/** A bound on what a file from outside may contain. */
public enum Limit {
  /** Bytes of weights. */
  WEIGHTS_BYTES(4L << 30, Long.MAX_VALUE),

  /** Bytes of a checkpoint's pickle. */
  PICKLE_BYTES(64L << 20, Long.MAX_VALUE),

  /** Levels of nesting in a pickle. */
  PICKLE_DEPTH(200, Limit.MAX_DEPTH),

  /** Bytes of one string in a pickle or a header. */
  STRING_BYTES(16 << 20, Limit.MAX_ARRAY),

  /** Bytes of a safetensors file's header. */
  HEADER_BYTES(16 << 20, Limit.MAX_ARRAY),

  /** Levels of nesting in a safetensors file's header. */
  HEADER_DEPTH(8, Limit.MAX_DEPTH),

  /** Entries of a zip archive. */
  ZIP_ENTRIES(100_000, Limit.MAX_ARRAY),

  /** Dimensions of a tensor. */
  TENSOR_RANK(8, Limit.MAX_ARRAY),

  /** Bytes of a model's or data set's YAML. */
  YAML_BYTES(1 << 20, Limit.MAX_ARRAY),

  /** Levels of nesting in a YAML. */
  YAML_DEPTH(64, Limit.MAX_DEPTH),

  /** Aliases in a YAML. */
  YAML_ALIASES(50, Limit.MAX_ARRAY),

  /** Layers of a network. */
  LAYERS(1_000, Limit.MAX_ARRAY),

  /** Repeats of one layer, after depth scaling. */
  REPEATS(1_000, Limit.MAX_ARRAY),

  /** Channels of an image or an input. */
  CHANNELS(65_536, Limit.MAX_ARRAY),

  /** Classes of a network. */
  CLASSES(65_536, Limit.MAX_ARRAY),

  /** Characters of one class name. */
  CLASS_NAME_LENGTH(1_000, Limit.MAX_ARRAY),

  /** Characters of all class names of a file. */
  CLASS_NAMES_LENGTH(4 << 20, Long.MAX_VALUE),

  /** Pixels of an image. */
  PIXELS(64_000_000, Long.MAX_VALUE),

  /** Pixels along one side of an image. */
  SIDE(65_535, Limit.MAX_ARRAY),

  /** Scans of a JPEG. */
  JPEG_SCANS(100, Limit.MAX_ARRAY);

  /** The longest array that every JVM can make. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  /** Twice this, and a few more, is still an {@code int}. */
  private static final int MAX_DEPTH = 1_000_000_000;

  private final long defaultValue;
  private final long max;

  Limit(long defaultValue, long max) {
    this.defaultValue = defaultValue;
    this.max = max;
  }

  /** {@return the value that holds unless another is set} */
  public long defaultValue() {
    return defaultValue;
  }

  /** {@return the largest value that can be set; the smallest is 1} */
  public long max() {
    return max;
  }

  /** {@return the name on the command line, such as {@code pickle-bytes}} */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
