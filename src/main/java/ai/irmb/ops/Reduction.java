package ai.irmb.ops;

/** What becomes of the values along an axis when one is left. */
public enum Reduction {
  /** Their mean. */
  MEAN,
  /** The largest. */
  MAX
}
