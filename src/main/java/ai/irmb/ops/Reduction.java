package ai.irmb.ops;

/** The function that reduces an axis to one value. */
public enum Reduction {
  /** The mean. */
  MEAN,
  /** The maximum. */
  MAX
}
